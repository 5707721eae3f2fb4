// A text and its entities (offsets in UTF-16 units, as JavaScript counts) as elements. Texts are never read as HTML.
import { Component, html } from "./html.js";
import { enter, follow, send, state, toast } from "./store.js";

class Spoiler extends Component {
  render({ children }, { open }) {
    if (open) return html`<span class="spoiler open">${children}</span>`;
    const reveal = () => this.setState({ open: true });
    return html`<button type="button" class="spoiler" aria-label="Hidden text: show" onClick=${reveal}>
      <span aria-hidden="true">${children}</span>
    </button>`;
  }
}

class Expandable extends Component {
  render({ children }, { open }) {
    const turn = () => this.setState({ open: !open });
    return html`<blockquote class=${open ? "" : "folded"}>
      ${children}
      <button type="button" class="unfold" aria-expanded=${open ? "true" : "false"} onClick=${turn}>
        ${open ? "Show less" : "Show more"}
      </button>
    </blockquote>`;
  }
}

export function copy(text) {
  const done = () => toast("Copied");
  navigator.clipboard?.writeText(text).then(done, () => toast("The browser does not allow copying."));
}

const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

// Formats of a date_time entity: r relative, w weekday, d/D short or long date, t/T short or long time.
function moment(entity, fallback) {
  const format = entity.date_time_format || "";
  const date = new Date(entity.unix_time * 1000);
  if (Number.isNaN(date.getTime())) return fallback;
  if (format === "r") {
    const seconds = entity.unix_time - Date.now() / 1000;
    const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) || UNITS.at(-1);
    return new Intl.RelativeTimeFormat(undefined).format(Math.round(seconds / size), unit);
  }
  const options = {};
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("D")) Object.assign(options, { year: "numeric", month: "long", day: "numeric" });
  else if (format.includes("d")) Object.assign(options, { year: "numeric", month: "2-digit", day: "2-digit" });
  if (/[tT]/.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return Object.keys(options).length ? new Intl.DateTimeFormat(undefined, options).format(date) : fallback;
}

function link(url, children) {
  const go = (event) => {
    event.preventDefault();
    follow(url);
  };
  const safe = /^(https?:|mailto:)/i.test(url) ? url : "#";
  return html`<a href=${safe} rel="noopener noreferrer" title=${url} onClick=${go}>${children}</a>`;
}

function mention(part, children) {
  const mine = part.slice(1).toLowerCase() === state.world.bot.username?.toLowerCase();
  if (!mine) return html`<span class="mention">${children}</span>`;
  return html`<button type="button" class="linkish" onClick=${() => enter(state.me)}>${children}</button>`;
}

function element(entity, part, children) {
  switch (entity.type) {
    case "bold":
      return html`<strong>${children}</strong>`;
    case "italic":
      return html`<em>${children}</em>`;
    case "underline":
      return html`<u>${children}</u>`;
    case "strikethrough":
      return html`<s>${children}</s>`;
    case "spoiler":
      return html`<${Spoiler}>${children}<//>`;
    case "code":
      return html`<button type="button" class="code" title="Copy" onClick=${() => copy(part)}>
        <code>${children}</code>
      </button>`;
    case "pre":
      return html`<pre tabindex="0"><code>${children}</code></pre>`;
    case "blockquote":
      return html`<blockquote>${children}</blockquote>`;
    case "expandable_blockquote":
      return html`<${Expandable}>${children}<//>`;
    case "text_link":
      return link(entity.url, children);
    case "url":
      return link(part, children);
    case "email":
      return link(`mailto:${part}`, children);
    case "mention":
      return mention(part, children);
    case "text_mention":
      return html`<span class="mention">${children}</span>`;
    case "bot_command":
      return html`<button type="button" class="linkish" onClick=${() => send(part)}>${children}</button>`;
    case "date_time": {
      const whole = new Date(entity.unix_time * 1000);
      return html`<time title=${whole.toLocaleString()}>${moment(entity, part)}</time>`;
    }
    case "hashtag":
    case "cashtag":
    case "phone_number":
      return html`<span class="mention">${children}</span>`;
    default:
      return html`<span>${children}</span>`;
  }
}

function walk(text, from, to, list) {
  const out = [];
  let at = from;
  for (let index = 0; index < list.length; ) {
    const entity = list[index];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    let next = index + 1;
    while (next < list.length && list[next].offset < end) next += 1;
    if (end > start) {
      if (start > at) out.push(text.slice(at, start));
      out.push(element(entity, text.slice(start, end), walk(text, start, end, list.slice(index + 1, next))));
      at = end;
    }
    index = next;
  }
  if (at < to) out.push(text.slice(at, to));
  return out;
}

export function formatted(text, entities) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return walk(String(text), 0, String(text).length, sorted);
}
