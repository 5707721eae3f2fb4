// Where a person writes: text, replies, edits, files, the / menu and inline mode.
import { post, upload } from "./api.js";
import { Component, html } from "./html.js";
import { summary } from "./message.js";
import { attempt, enter, hasBot, isPrivate, person, send, set, state } from "./store.js";

const INLINE_PAUSE = 250;
const KINDS = ["photo", "video", "audio", "voice", "document"];

const kindOf = (file) => {
  const [type] = file.type.split("/");
  if (type === "image" && file.type !== "image/svg+xml") return "photo";
  if (file.type === "audio/ogg") return "voice";
  return type === "video" || type === "audio" ? type : "document";
};

// The list of commands for this chat and language: the nearest scope that has one, as Telegram looks for it.
export function commandsFor(chat) {
  const lists = state.world.bot.commands || [];
  const status = chat.members?.[state.me];
  const admin = ["creator", "administrator"].includes(status);
  const near = isPrivate(chat)
    ? [`chat:${chat.id}:`, "all_private_chats"]
    : [
        `chat_member:${chat.id}:${state.me}`,
        ...(admin ? [`chat_administrators:${chat.id}:`] : []),
        `chat:${chat.id}:`,
        ...(admin ? ["all_chat_administrators"] : []),
        "all_group_chats",
      ];
  const language = (person()?.language_code || "").split("-")[0];
  for (const scope of [...near, "default"])
    for (const code of [language, ""]) {
      const found = lists.find((each) => each.scope === scope && (each.language_code || "") === code);
      if (found?.commands.length) return found.commands;
    }
  return [];
}

function Suggestions({ items, at, label, head, onPick }) {
  return html`<div class="suggestions" tabindex="0" role="group" aria-label=${label}>
    ${head}
    <ul role="listbox" id="suggestions" aria-label=${label}>
      ${items.map(
        (item, index) => html`<li
          role="option"
          id=${`s${index}`}
          key=${item.id}
          aria-selected=${index === at ? "true" : "false"}
          onMouseDown=${(event) => event.preventDefault()}
          onClick=${() => onPick(item)}
        >
          <b>${item.title}</b><span>${item.words}</span>
        </li>`,
      )}
    </ul>
  </div>`;
}

export class Composer extends Component {
  state = { text: "", files: [], at: 0, inline: null, seen: 0 };

  static getDerivedStateFromProps(props, own) {
    if (props.compose.at === own.seen) return null;
    return { text: props.compose.text, seen: props.compose.at, inline: null };
  }

  componentDidUpdate(before) {
    const { compose, editing, reply, chat } = this.props;
    if (before.compose.at !== compose.at) {
      this.area?.focus();
      this.ask(this.state.text);
    }
    if (before.editing !== editing && editing) this.setState({ text: editing.message.text });
    if (before.editing && !editing) this.setState({ text: "" });
    if ((before.editing !== editing && editing) || (before.reply !== reply && reply)) this.area?.focus();
    if (before.chat.id !== chat.id) this.setState({ files: [], inline: null });
    if (this.area) {
      this.area.style.height = "auto";
      this.area.style.height = `${Math.min(this.area.scrollHeight, 180)}px`;
    }
  }

  write = (event) => {
    const text = event.target.value;
    this.setState({ text, at: 0 });
    this.ask(text);
  };

  // Typing behind the bot's name asks it for results, after a short pause.
  ask(text) {
    clearTimeout(this.timer);
    const name = state.world.bot.username || "";
    const typed = text.match(/^@(\S+)\s([\s\S]*)$/);
    if (typed?.[1].toLowerCase() !== name.toLowerCase()) {
      this.asked = null;
      if (this.state.inline) this.setState({ inline: null });
      return;
    }
    this.timer = setTimeout(() => this.question(typed[2]), INLINE_PAUSE);
  }

  async question(text) {
    const mark = (this.asked = {});
    const place = { chat_id: state.chat, user_id: state.me };
    const found = await attempt(() => post("client/inline", { ...place, text, wait: 10 }));
    if (found && this.asked === mark) this.setState({ inline: found, at: 0 });
  }

  commands() {
    const { text } = this.state;
    if (!/^\/\S*$/.test(text) || !hasBot(this.props.chat)) return [];
    const typed = text.slice(1).split("@")[0].toLowerCase();
    return commandsFor(this.props.chat)
      .filter((each) => each.command.startsWith(typed))
      .map((each) => ({ id: each.command, title: `/${each.command}`, words: each.description, command: each.command }));
  }

  results() {
    const { inline } = this.state;
    if (!inline?.answered) return [];
    return inline.results.map((each) => ({ ...each, title: each.title || each.type, words: each.description || "" }));
  }

  choose = async (item) => {
    if (item.command) {
      this.setState({ text: "" });
      const suffix = isPrivate(this.props.chat) ? "" : `@${state.world.bot.username}`;
      await send(`/${item.command}${suffix}`);
      return;
    }
    const pick = { user_id: state.me, query_id: this.state.inline.query_id, result_id: item.id };
    this.setState({ text: "", inline: null });
    await attempt(() => post("client/choose", pick));
  };

  submit = async () => {
    const { text, files } = this.state;
    const { editing, reply } = this.props;
    if (files.length) return this.sendFiles();
    if (!text.trim()) return undefined;
    if (editing) {
      const which = { chat_id: editing.chat_id, user_id: state.me, message_id: editing.message_id };
      const edited = await attempt(() => post("client/edit", { ...which, text }));
      if (edited) set({ editing: null });
      return undefined;
    }
    this.setState({ text: "", inline: null });
    const extra = reply ? { reply_to: reply.view.message_id, ...(reply.quote ? { quote: reply.quote } : {}) } : {};
    set({ reply: null });
    const sent = await send(text, extra);
    if (!sent && !this.state.text) this.setState({ text });
    return undefined;
  };

  async sendFiles() {
    const { text, files } = this.state;
    const { reply } = this.props;
    const album = files.length > 1 ? `${Date.now()}${Math.floor(Math.random() * 1e6)}` : null;
    const base = { chat_id: state.chat, user_id: state.me, thread_id: state.thread, album };
    this.setState({ files: [], text: "" });
    set({ reply: null });
    for (const [index, { file, kind }] of files.entries()) {
      const first = index === 0 ? { caption: text, reply_to: reply?.view.message_id } : {};
      const sent = await attempt(() => upload("client/media", { ...base, kind, ...first }, file));
      if (!sent) return;
    }
  }

  add = (list) => {
    const added = [...list].map((file) => ({ file, kind: kindOf(file) }));
    this.setState({ files: [...this.state.files, ...added].slice(0, 10) });
    this.area?.focus();
  };

  pasted = (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    this.add(event.clipboardData.files);
  };

  key = (event) => {
    const items = this.commands().length ? this.commands() : this.results();
    const { at } = this.state;
    if (event.key === "Escape") {
      this.setState({ inline: null, files: [] });
      set({ reply: null, editing: null });
    } else if (items.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const next = (at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
      this.setState({ at: next });
      document.getElementById(`s${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (items.length && (this.state.inline || items[at].title !== this.state.text)) this.choose(items[at]);
      else this.submit();
    }
  };

  inlineHead() {
    const button = this.state.inline?.button;
    if (!button) return null;
    const start = () => {
      this.setState({ text: "", inline: null });
      enter(state.me);
      send(`/start ${button.start_parameter}`);
    };
    return html`<button type="button" class="inline-head" onClick=${start}>${button.text}</button>`;
  }

  above() {
    const { reply, editing } = this.props;
    const view = reply?.view || editing;
    if (!view) return null;
    const cancel = () => set({ reply: null, editing: null });
    const title = editing ? "Edit message" : `Reply to ${view.from_id === state.me ? "yourself" : view.from_name}`;
    return html`<div class="above">
      <div><b>${title}</b><span>${reply?.quote ? `“${reply.quote}”` : summary(view.message)}</span></div>
      <button type="button" class="icon" aria-label="Cancel" onClick=${cancel}>✕</button>
    </div>`;
  }

  chosen() {
    const { files } = this.state;
    if (!files.length) return null;
    const change = (index, kind) =>
      this.setState({ files: files.map((each, at) => (at === index ? { ...each, kind } : each)) });
    return html`<ul class="chosen" aria-label="Files to send">
      ${files.map(
        ({ file, kind }, index) => html`<li>
          <span>${file.name}</span>
          <select aria-label=${`Send ${file.name} as`} value=${kind} onChange=${(event) => change(index, event.target.value)}>
            ${KINDS.map((each) => html`<option value=${each} selected=${each === kind}>${each}</option>`)}
          </select>
          <button
            type="button"
            class="icon"
            aria-label=${`Remove ${file.name}`}
            onClick=${() => this.setState({ files: files.filter((_, at) => at !== index) })}
          >
            ✕
          </button>
        </li>`,
      )}
    </ul>`;
  }

  picked = (event) => {
    this.add(event.target.files);
    event.target.value = "";
  };

  render({ chat }, { text, files, at }) {
    const commands = this.commands();
    const items = commands.length ? commands : this.results();
    const head = commands.length ? null : this.inlineHead();
    const label = commands.length ? "Commands" : "Results of the bot";
    const slash = () => {
      this.setState({ text: text === "/" ? "" : "/" });
      this.area?.focus();
    };
    return html`<div class="composer">
      ${items.length || head ? html`<${Suggestions} items=${items} at=${at} label=${label} head=${head} onPick=${this.choose} />` : null}
      ${this.above()}${this.chosen()}
      <form class="line" onSubmit=${(event) => event.preventDefault() || this.submit()}>
        ${hasBot(chat) && html`<button type="button" class="icon" aria-label="Commands" onClick=${slash}>/</button>`}
        <button type="button" class="icon" aria-label="Attach files" onClick=${() => this.input.click()}>+</button>
        <input type="file" multiple hidden ref=${(input) => (this.input = input)} onChange=${this.picked} />
        <textarea
          rows="1"
          aria-label="Message"
          placeholder=${files.length ? "Caption" : "Message"}
          value=${text}
          aria-autocomplete="list"
          aria-controls=${items.length ? "suggestions" : null}
          aria-activedescendant=${items.length ? `s${at}` : null}
          ref=${(area) => (this.area = area)}
          onInput=${this.write}
          onKeyDown=${this.key}
          onPaste=${this.pasted}
        ></textarea>
        <button type="submit" class="icon send" aria-label="Send">➤</button>
      </form>
    </div>`;
  }
}
