/** Searches and filters the rows of the report, and prepares it for keyboard use and printing. */

const search = document.querySelector<HTMLInputElement>("#search");
const selects = [...document.querySelectorAll<HTMLSelectElement>(".bar select")];
const shown = document.querySelector("#shown");
const none = document.querySelector<HTMLElement>("#none");

interface Row {
  readonly element: HTMLElement;
  readonly text: () => string;
  readonly isChange: boolean;
}

const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")].map((element): Row => {
  let text: string | undefined;
  return {
    element,
    text: () => (text ??= element.textContent.toLowerCase()),
    isChange: element.classList.contains("change"),
  };
});
const total = rows.filter(({ isChange }) => isChange).length;

function apply(): void {
  const words = (search?.value ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const chosen = selects.filter(({ value }) => value !== "");
  let count = 0;
  for (const { element, text, isChange } of rows) {
    // A filter does not apply to rows without the filtered property, such as a cause.
    const matches =
      chosen.every(
        ({ id, value }) => (element.dataset[id] ?? value) === value || element.dataset[id] === "",
      ) && words.every((word) => text().includes(word));
    element.hidden = !matches;
    if (matches && isChange) count += 1;
  }
  if (shown !== null)
    shown.textContent = count === total ? `${total} changes` : `${count} of ${total} changes`;
  if (none !== null) none.hidden = count > 0;
}

let waiting: number | undefined;
search?.addEventListener("input", () => {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(apply, 120);
});
for (const select of selects) select.addEventListener("change", apply);
document.querySelector("form")?.addEventListener("submit", (event) => {
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === "/" && !typing) {
    event.preventDefault();
    search?.focus();
  } else if (event.key === "Escape" && search !== null && search.value !== "") {
    search.value = "";
    apply();
  }
});

/** More differences than these are not printed: they would be hundreds of pages. */
const mostPrinted = 300;
const printed = document.querySelector<HTMLElement>(".printed");
let expanded: HTMLDetailsElement[] = [];

/** Expands the visible changes for printing, unless there are too many. */
window.addEventListener("beforeprint", () => {
  const changes = [...document.querySelectorAll<HTMLDetailsElement>("details.change:not([hidden])")];
  const isShort = changes.length <= mostPrinted;
  if (printed !== null)
    printed.textContent = isShort
      ? ""
      : `Differences are not printed, because more than ${mostPrinted} changes are shown. To print them, filter the changes first.`;
  const others = [...document.querySelectorAll<HTMLDetailsElement>("details:not(.change)")];
  expanded = [...(isShort ? changes : []), ...others].filter(({ open }) => !open);
  for (const details of expanded) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of expanded) details.open = false;
  expanded = [];
});

apply();
