// One message, an album of several, and the list of those in a chat.
import { post } from "./api.js";
import { copy, formatted } from "./entities.js";
import { Component, html } from "./html.js";
import { InlineKeyboard } from "./keyboard.js";
import { MediaOf, mediaOf } from "./media.js";
import { attempt, botName, isPrivate, set, state } from "./store.js";

const clock = (unix) => new Date(unix * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const NEAR = 120; // pixels from the end within which the list stays at the end

export function summary(message) {
  const words = message.text || message.caption;
  return words || serviceText(message) || (mediaOf(message)?.kind ?? "message").replace(/^./, (c) => c.toUpperCase());
}

export function serviceText(message) {
  const names = (users) => users.map((user) => user.first_name).join(", ");
  if (message.new_chat_members) return `${names(message.new_chat_members)} joined the group`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} left the group`;
  if (message.forum_topic_created) return `Topic “${message.forum_topic_created.name}” was created`;
  if (message.forum_topic_closed) return "The topic was closed";
  if (message.forum_topic_reopened) return "The topic was reopened";
  if (message.migrate_to_chat_id) return "The group became a supergroup";
  if (message.migrate_from_chat_id) return "This supergroup was a group before";
  if (message.pinned_message) return "A message was pinned";
  if (message.group_chat_created || message.supergroup_chat_created) return "The group was created";
  return "";
}

function origin(message) {
  const from = message.forward_origin;
  if (!from) return null;
  const name = from.sender_user?.first_name || from.sender_user_name || from.sender_chat?.title || from.chat?.title;
  return html`<div class="forwarded">Forwarded from ${name || "another chat"}</div>`;
}

export function jump(messageId) {
  const found = document.getElementById(`m${messageId}`);
  if (!found) return;
  found.scrollIntoView({ block: "center" });
  found.focus();
}

function ReplyHead({ message }) {
  const parent = message.reply_to_message;
  const from = message.external_reply?.origin;
  if (!parent && !from && !message.quote) return null;
  if (parent?.forum_topic_created && !message.quote) return null;
  const name = parent?.from?.first_name || parent?.sender_chat?.title || from?.sender_user_name || "";
  const words = message.quote?.text || (parent ? summary(parent) : "");
  return html`<button type="button" class="reply-head" onClick=${() => parent && jump(parent.message_id)}>
    <b>${name}</b><span>${message.quote ? `“${words}”` : words}</span>
  </button>`;
}

// The part of this message that is selected, for a quote.
function selection(id) {
  const chosen = document.getSelection();
  const holder = document.getElementById(id)?.querySelector(".words");
  if (!chosen || chosen.isCollapsed || !holder?.contains(chosen.anchorNode)) return "";
  return holder.contains(chosen.focusNode) ? chosen.toString() : "";
}

class Menu extends Component {
  toggle = () => {
    this.quote = selection(this.props.id);
    this.setState({ open: !this.state.open });
  };

  leave = (event) => {
    if (!event.currentTarget.contains(event.relatedTarget)) this.setState({ open: false });
  };

  escape = (event) => {
    if (event.key === "Escape") this.setState({ open: false });
  };

  item(label, action) {
    const run = () => {
      this.setState({ open: false });
      action();
    };
    return html`<button type="button" role="menuitem" onClick=${run}>${label}</button>`;
  }

  render({ view }, { open }) {
    const { message } = view;
    const place = { chat_id: view.chat_id, message_id: view.message_id };
    const words = message.text || message.caption;
    const { quote } = this;
    return html`<div class="menu" onFocusOut=${this.leave} onKeyDown=${this.escape}>
      <button
        type="button"
        class="more"
        aria-label="Message actions"
        aria-haspopup="menu"
        aria-expanded=${open ? "true" : "false"}
        onMouseDown=${(event) => event.preventDefault()}
        onClick=${this.toggle}
      >
        ⋯
      </button>
      ${open &&
      html`<div class="menu-list" role="menu">
        ${this.item("Reply", () => set({ reply: { view, quote: "" }, editing: null }))}
        ${quote && this.item("Reply with the selected part", () => set({ reply: { view, quote }, editing: null }))}
        ${words && this.item("Copy text", () => copy(words))}
        ${view.from_id === state.me &&
        message.text &&
        !message.via_bot &&
        this.item("Edit", () => set({ editing: view, reply: null }))}
        ${view.message_id > 0 && this.item("Delete", () => attempt(() => post("client/delete_message", place)))}
      </div>`}
    </div>`;
  }
}

function Reactions({ given }) {
  if (!given.length) return null;
  const counts = new Map();
  for (const each of given) counts.set(each.emoji || "⭐", (counts.get(each.emoji || "⭐") || 0) + 1);
  return html`<div class="reactions">
    ${[...counts].map(([emoji, n]) => html`<span aria-label=${`Reaction ${emoji}`}>${emoji}${n > 1 ? ` ${n}` : ""}</span>`)}
  </div>`;
}

function Notes({ message }) {
  return html`<div class="meta">
    ${message.edit_date ? html`<span>edited</span>` : null}<time>${clock(message.date)}</time>
  </div>`;
}

// One message, or the messages of one album.
class Bubble extends Component {
  shouldComponentUpdate(next) {
    return next.views.length !== this.props.views.length || next.views.some((view, at) => view !== this.props.views[at]);
  }

  render({ views, group }) {
    const [view] = views;
    const { message } = view;
    if (view.kind === "service")
      return html`<li class="service" id=${`m${view.message_id}`} tabindex="-1"><span>${serviceText(message) || "Service message"}</span></li>`;
    const spoken = views.find((each) => each.message.text || each.message.caption) || view;
    const words = spoken.message.text || spoken.message.caption;
    const entities = spoken.message.text ? spoken.message.entities : spoken.message.caption_entities;
    const mine = view.from_id === state.me;
    const name = message.sender_chat?.title || view.from_name;
    return html`<li
      id=${`m${view.message_id}`}
      tabindex="-1"
      class=${`message ${mine ? "mine" : ""} ${view.only ? "ephemeral" : ""}`}
    >
      <article class="bubble" aria-label=${`${mine ? "You" : name}, ${clock(message.date)}`}>
        ${view.only ? html`<div class="only">Only you see this</div>` : null}
        ${group && !mine ? html`<div class="from">${name}</div>` : null}
        ${message.via_bot ? html`<div class="forwarded">via @${message.via_bot.username}</div>` : null}
        ${origin(message)}<${ReplyHead} message=${message} />
        ${views.length > 1
          ? html`<div class="album">${views.map((each) => html`<${MediaOf} key=${each.message_id} view=${each} />`)}</div>`
          : html`<${MediaOf} view=${view} />`}
        ${words ? html`<div class="words">${formatted(words, entities)}</div>` : null}
        <${Reactions} given=${views.flatMap((each) => each.reactions || [])} /><${Notes} message=${spoken.message} />
      </article>
      <${Menu} view=${spoken} id=${`m${view.message_id}`} />
      <${InlineKeyboard} view=${views.find((each) => each.message.reply_markup) || view} />
    </li>`;
  }
}

function grouped(views) {
  const groups = [];
  for (const view of views) {
    const album = view.message.media_group_id;
    const last = groups.at(-1);
    if (album && last?.[0].message.media_group_id === album && last[0].from_id === view.from_id) last.push(view);
    else groups.push([view]);
  }
  return groups;
}

function Draft({ draft, chatId }) {
  const stop = () => attempt(() => post("client/stop", { chat_id: chatId, user_id: state.me }));
  return html`<li class="message draft">
    <article class="bubble" aria-label=${`${botName()} is writing`} aria-busy="true">
      <div class="words">${draft.text ? formatted(draft.text, draft.entities) : "Thinking…"}</div>
      <div class="meta"><span>writing…</span></div>
    </article>
    ${draft.can_stop &&
    html`<div class="keyboard"><div class="row"><button type="button" class="key danger" onClick=${stop}>Stop</button></div></div>`}
  </li>`;
}

export class Messages extends Component {
  componentDidMount() {
    this.atEnd = true;
    this.toEnd();
    this.watcher = new ResizeObserver(() => this.atEnd && this.toEnd());
    this.watcher.observe(this.list);
  }

  componentWillUnmount() {
    this.watcher.disconnect();
  }

  componentDidUpdate(before) {
    const [last, known] = [this.props.views.at(-1), before.views.at(-1)];
    if (last?.from_id === state.me && last.message_id !== known?.message_id) this.atEnd = true;
    if (this.atEnd) this.toEnd();
  }

  toEnd = () => {
    if (this.box) this.box.scrollTop = this.box.scrollHeight;
  };

  scrolled = () => {
    this.atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
  };

  render({ views, draft, chat }) {
    const group = !isPrivate(chat);
    return html`<div
      class="messages"
      tabindex="0"
      role="region"
      aria-label="Messages"
      ref=${(box) => (this.box = box)}
      onScroll=${this.scrolled}
    >
      <ol ref=${(list) => (this.list = list)}>
        ${grouped(views).map((each) => html`<${Bubble} key=${each[0].message_id} views=${each} group=${group} />`)}
        ${draft ? html`<${Draft} draft=${draft} chatId=${chat.id} />` : null}
      </ol>
    </div>`;
  }
}

