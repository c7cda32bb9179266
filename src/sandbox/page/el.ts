/**
 * The page's only way to make elements. Foreign text becomes text nodes and attributes, never markup, so nothing that
 * a job class or a queue is called can become part of the page's own structure.
 */

export type Child = Node | string | false | undefined;
type Handler = (event: Event) => void;
type Attributes = Readonly<Record<string, string | number | boolean | undefined | Handler>>;

const SVG = 'http://www.w3.org/2000/svg';

function dress(element: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
}

/** `el('p', { class: 'hint' }, 'words')`. A function is a listener, named by its event: `{ click: go }`. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  dress(element, attributes, children);
  return element;
}

/** The same for SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag);
  dress(element, attributes, children);
  return element;
}

/** One of the symbols that index.html carries. Decorative: its neighbour says the words. */
export function icon(name: string, className = 'icon'): SVGElement {
  return svg('svg', { class: className, 'aria-hidden': 'true' }, svg('use', { href: `#${name}` }));
}

/** Puts new children in, and gives the focus back to the element that carries the same `data-key`. */
export function replace(container: Element, ...children: readonly Child[]): void {
  const focused = document.activeElement;
  const key = focused && container.contains(focused) ? focused.getAttribute('data-key') : null;
  container.replaceChildren(...children.filter((child) => child !== undefined && child !== false));
  if (key !== null) focusKey(container, key);
}

/** Makes these the children, touching only what differs: what stays keeps its focus, its scrolling and its inputs. */
export function sync(container: Element, nodes: readonly Node[]): void {
  const wanted = new Set(nodes);
  for (const child of [...container.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    const there = container.childNodes[index];
    if (there !== node) container.insertBefore(node, there ?? null);
  });
}

/**
 * Draws again only when what it is given has changed. An element that is replaced between the press and the release of
 * a pointer never hears of the click, so nothing is replaced without need.
 */
export function whenChanged<Given extends readonly unknown[], Result>(
  draw: (...given: Given) => Result,
): (...given: Given) => Result {
  let last: { readonly signature: string; readonly result: Result } | undefined;
  return (...given) => {
    const signature = JSON.stringify(given);
    if (last?.signature !== signature) last = { signature, result: draw(...given) };
    return last.result;
  };
}

/** Gives the focus to the element within `root` that carries this `data-key`. */
export function focusKey(root: Element, key: string): void {
  const heir = [...root.querySelectorAll<HTMLElement>('[data-key]')].find(
    (candidate) => candidate.dataset['key'] === key,
  );
  heir?.focus({ preventScroll: true });
}
