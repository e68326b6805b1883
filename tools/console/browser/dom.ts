// What our scripts use of a browser. TypeScript's own types of it would be global, and Node's code could take them for its own.

/** An element of a page. */
export interface Element {
  innerHTML: string;
  textContent: string | null;
  hidden: boolean;
  readonly dataset: Record<string, string | undefined>;
  querySelector(selector: string): Element | null;
  contains(other: Element | null): boolean;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  addEventListener(
    type: 'input' | 'submit' | 'reset',
    listener: (event: { preventDefault(): void }) => void,
  ): void;
  focus(): void;
}

/** A field of a form. */
export interface Input extends Element {
  value: string;
  readonly valueAsNumber: number;
  readonly defaultValue: string;
}

/** Several fields. */
export interface Fieldset extends Element {
  disabled: boolean;
}

interface Events {
  addEventListener(type: string, listener: (event: { data: string }) => void): void;
}

interface Browser {
  readonly document: {
    readonly activeElement: Element | null;
    querySelector(selector: string): Element | null;
  };
  readonly EventSource: new (address: string) => Events;
}

const browser = globalThis as unknown as Browser;

/** The element of a selector, if the page has it. */
export function find<T extends Element = Element>(selector: string): T | null {
  return browser.document.querySelector(selector) as T | null;
}

/** What has the keyboard's focus. */
export function focused(): Element | null {
  return browser.document.activeElement;
}

/** Listens to events that the console sends. */
export function listen(address: string, name: string, listener: (data: string) => void): void {
  new browser.EventSource(address).addEventListener(name, ({ data }) => listener(data));
}
