// The one place where Preact and htm meet; the vendored files stay as they were published.
import { Component, Fragment, h, render } from "./vendor/preact.js";
import htm from "./vendor/htm.js";

export const html = htm.bind(h);
export { Component, Fragment, h, render };
