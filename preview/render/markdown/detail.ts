/** Level of detail. Data loss, obstacles and access changes are shown at every level. */
export interface Detail {
  readonly grave: "rows" | "lists" | "guarded";
  readonly changes: "values" | "names" | "list" | "counts";
}
