import type { Keyboard, KeyboardOptions, LoadOptions } from "./index.js";

export interface AttachOptions extends LoadOptions, KeyboardOptions {
  /** A keyboard that is there already; else one is loaded. */
  keyboard?: Keyboard;
  /** How many words are offered (default 3). */
  suggestions?: number;
  /** Whether the rest of the likeliest word stands in grey behind the cursor (default true). */
  ghost?: boolean;
  /** Whether the last slip is offered mended after a pause (default true). */
  correct?: boolean;
  /** The name under which this browser keeps what the keyboard learns when the field is left; without one it learns nothing. */
  memory?: string;
  /** What the list of suggestions is called for screen readers. */
  label?: string;
}

export interface Completion {
  /** When the model is there; rejected where it cannot be loaded. */
  readonly ready: Promise<Keyboard>;
  readonly keyboard: Keyboard;
  /** Takes everything away again. */
  detach(): void;
}

/** Gives a text field suggestions, ghost text and corrections; also as <gru-complete for="id"></gru-complete>. */
export function attach(field: HTMLTextAreaElement | HTMLInputElement, options?: AttachOptions): Completion;
