// Photos, films, sounds and files of messages.
import { mediaUrl } from "./api.js";
import { Component, html } from "./html.js";
import { set, state } from "./store.js";

const KINDS = ["photo", "animation", "video", "audio", "voice", "sticker", "document"];

export function mediaOf(message) {
  const kind = KINDS.find((each) => message[each]);
  if (!kind) return null;
  const file = kind === "photo" ? message.photo.at(-1) : message[kind];
  return { kind, file };
}

const size = (bytes) => (bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`);

// Room is kept for a picture before it came, so that the chat does not jump.
const shape = (file) => (file.width && file.height ? { aspectRatio: `${file.width} / ${file.height}` } : {});

// By its bytes, so that an edit of the words alone does not load or rewind it.
export class Media extends Component {
  shouldComponentUpdate(next) {
    return next.url !== this.props.url || next.label !== this.props.label;
  }

  render({ view, url, label }) {
    const { kind, file } = mediaOf(view.message);
    if (kind === "photo" || kind === "sticker") {
      const enlarge = () => set({ dialog: { kind: "photo", url, label } });
      return html`<button type="button" class=${`picture ${kind}`} aria-label=${`Photo: ${label}`} onClick=${enlarge}>
        <img src=${url} alt="" style=${shape(file)} width=${file.width} height=${file.height} />
      </button>`;
    }
    if (kind === "animation")
      return html`<video src=${url} style=${shape(file)} aria-label=${`Animation: ${label}`} controls loop muted playsinline></video>`;
    if (kind === "video")
      return html`<video src=${url} poster=${file.cover ? `${url}&part=cover` : null} style=${shape(file)} aria-label=${`Video: ${label}`} controls preload="metadata" playsinline></video>`;
    if (kind === "audio" || kind === "voice") {
      const title = [file.performer, file.title].filter(Boolean).join(" – ") || file.file_name;
      return html`<figure class="sound">
        <figcaption>${kind === "voice" ? "Voice message" : `♪ ${title || "Audio"}`}</figcaption>
        <audio src=${url} controls preload="metadata" aria-label=${title || kind}></audio>
      </figure>`;
    }
    return html`<a class="file" href=${url} download=${file.file_name || "file"}>
      <span class="file-icon" aria-hidden="true">↓</span>
      <span><b>${file.file_name || "File"}</b><small>${size(file.file_size || 0)}</small></span>
    </a>`;
  }
}

export function MediaOf({ view }) {
  const found = mediaOf(view.message);
  if (!found) return null;
  const url = mediaUrl(view, state.me, found.file.file_unique_id);
  const label = view.message.caption?.slice(0, 80) || found.kind;
  return html`<${Media} view=${view} url=${url} label=${label} />`;
}
