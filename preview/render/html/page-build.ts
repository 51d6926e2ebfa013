export interface Page {
  readonly script: string;
  readonly style: string;
}
export function buildPage(): Page {
  return { script: "", style: "" };
}
