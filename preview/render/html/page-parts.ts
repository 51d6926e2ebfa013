/** Script and style sheet of the page. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
}
