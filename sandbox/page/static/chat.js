// The middle: the head of the chat with its actions, topics, messages and the composer.
import { post } from "./api.js";
import { Composer } from "./composer.js";
import { Component, html } from "./html.js";
import { ReplyKeyboard, replyKeyboard } from "./keyboard.js";
import { Messages } from "./message.js";
import { attempt, chatOf, enter, hasBot, isPrivate, person, seen, send, set, state, titleOf } from "./store.js";

const GENERAL = 1;

// The description that the bot set for this language, else for all.
function description() {
  const language = (person()?.language_code || "").split("-")[0];
  const profile = state.world.bot.profile || [];
  if (!Array.isArray(profile)) return profile.description || "";
  const texts = profile.filter((each) => (each.what ?? each.name) === "description");
  const found = (code) => texts.find((each) => (each.language_code || "") === code && (each.text ?? each.value));
  const one = found(language) || found("");
  return one ? (one.text ?? one.value) : "";
}

function Empty({ chat }) {
  if (!isPrivate(chat)) return html`<div class="empty"><p>No messages here yet.</p></div>`;
  return html`<div class="empty">
    <h2>What can this bot do?</h2>
    <p>${description() || `Press Start, and ${titleOf(chat)} answers.`}</p>
  </div>`;
}

class Topics extends Component {
  add = async () => {
    const name = this.name.value.trim();
    if (!name) return;
    const { chat } = this.props;
    const made = await attempt(() => post("client/topics", { chat_id: chat.id, user_id: state.me, name }));
    this.setState({ adding: false });
    if (made) enter(chat.id, made.message_thread_id);
  };

  render({ chat }, { adding }) {
    const topics = [[null, "General"], ...Object.entries(chat.topics || {}).map(([id, name]) => [Number(id), name])];
    const closed = (id) => (chat.closed || []).includes(id ?? GENERAL);
    const rule = (act) => {
      const which = { message_thread_id: state.thread ?? GENERAL, act };
      return attempt(() => post("client/topic", { chat_id: chat.id, user_id: state.me, ...which }));
    };
    return html`<div class="topics" role="group" aria-label="Topics">
      ${topics
        .filter(([id]) => id !== GENERAL)
        .map(
          ([id, name]) => html`<button
            type="button"
            key=${String(id)}
            class=${state.thread === id ? "current" : ""}
            aria-pressed=${state.thread === id ? "true" : "false"}
            onClick=${() => enter(chat.id, id)}
          >
            ${closed(id) ? "(closed) " : ""}${name}
          </button>`,
        )}
      ${adding
        ? html`<input aria-label="Name of the topic" ref=${(name) => (this.name = name)} onKeyDown=${(event) => event.key === "Enter" && this.add()} />
            <button type="button" onClick=${this.add}>Add</button>`
        : html`<button type="button" onClick=${() => this.setState({ adding: true })}>+ Topic</button>`}
      <button type="button" onClick=${() => rule(closed(state.thread) ? "reopen" : "close")}>
        ${closed(state.thread) ? "Reopen topic" : "Close topic"}
      </button>
    </div>`;
  }
}

function actionsOf(chat) {
  const base = { chat_id: chat.id };
  const wipe = () => attempt(() => post("client/delete_chat", base));
  if (isPrivate(chat)) {
    const blocked = person()?.blocked;
    const turn = () => attempt(() => post("client/block", { user_id: state.me, blocked: !blocked }));
    return [
      [blocked ? "Unblock the bot" : "Block the bot", turn],
      ["Delete all messages", wipe],
    ];
  }
  const inside = hasBot(chat);
  const move = () => attempt(() => post("client/member", { ...base, user_id: 0, status: inside ? "left" : "member" }));
  return [
    [inside ? "Remove the bot" : "Add the bot", move],
    ["Delete the group", () => wipe().then(() => enter(state.me))],
  ];
}

class Head extends Component {
  leave = (event) => {
    if (!event.currentTarget.contains(event.relatedTarget)) this.setState({ open: false });
  };

  render({ chat }, { open }) {
    const action = state.actions[chat.id];
    const busy = action && action.until > Date.now() ? action.text : "";
    const inside = ([id, status]) => Number(id) !== state.world.bot.id && !["left", "kicked"].includes(status);
    const count = Object.entries(chat.members || {}).filter(inside).length;
    const rest = isPrivate(chat) ? "bot" : `${count} people${hasBot(chat) ? " and the bot" : ", without the bot"}`;
    return html`<header class="head">
      <button type="button" class="icon back" aria-label="Back to the chats" onClick=${() => set({ open: false })}>←</button>
      <div class="title"><h1>${titleOf(chat)}</h1><p class=${busy ? "busy" : ""}>${busy || rest}</p></div>
      <button type="button" class="icon" aria-label="Behind the scenes" aria-pressed=${state.panels ? "true" : "false"} onClick=${() => set({ panels: !state.panels })}>
        ⚙
      </button>
      <div class="menu always" onFocusOut=${this.leave} onKeyDown=${(event) => event.key === "Escape" && this.setState({ open: false })}>
        <button type="button" class="icon" aria-label="Chat actions" aria-haspopup="menu" aria-expanded=${open ? "true" : "false"} onClick=${() => this.setState({ open: !open })}>
          ⋮
        </button>
        ${open &&
        html`<div class="menu-list" role="menu">
          ${actionsOf(chat).map(
            ([label, act]) => html`<button type="button" role="menuitem" onClick=${() => this.setState({ open: false }) || act()}>${label}</button>`,
          )}
        </div>`}
      </div>
    </header>`;
  }
}

function Foot({ chat, views }) {
  if (isPrivate(chat)) {
    const big = (label, act) => html`<div class="composer"><button type="button" class="big" onClick=${act}>${label}</button></div>`;
    if (person()?.blocked) {
      const unblock = () => attempt(() => post("client/block", { user_id: state.me, blocked: false }));
      return big("Unblock", unblock);
    }
    if (!views.length) return big("Start", () => send("/start"));
  }
  const keyboard = replyKeyboard(views);
  const { compose, reply, editing } = state;
  return html`<${Composer} chat=${chat} compose=${compose} reply=${reply} editing=${editing} />
    ${keyboard ? html`<${ReplyKeyboard} keyboard=${keyboard} />` : null}`;
}

export function ChatPane() {
  const chat = chatOf() || { id: state.me, type: "private", topics: {}, closed: [], members: {} };
  const inThread = (view) => !chat.is_forum || (view.message.message_thread_id ?? null) === state.thread;
  const views = seen(chat.id).filter(inThread);
  const draft = state.drafts[chat.id];
  return html`<main class="chat" key=${`${state.me}.${chat.id}.${state.thread}`}>
    <${Head} chat=${chat} />
    ${chat.is_forum ? html`<${Topics} chat=${chat} />` : null}
    ${views.length || draft ? html`<${Messages} views=${views} draft=${draft} chat=${chat} />` : html`<${Empty} chat=${chat} />`}
    <${Foot} chat=${chat} views=${views} />
  </main>`;
}
