import type { Strings } from "../strings";
import type { ChatRating } from "./api";
import { icon, make } from "./elements";

const SCORES = [1, 2, 3, 4, 5] as const;

/** Asks how the chat was once it is over. What is being chosen survives redrawing. */
export class RatingCard {
  readonly element = make("li", "rating");
  private drawn = "";
  private changing = false;

  constructor(
    private readonly save: (score: number, comment: string) => Promise<void>,
    private readonly redraw: () => void,
  ) {}

  draw(rating: ChatRating, strings: Strings): HTMLElement {
    const version = JSON.stringify([rating, this.changing, strings.rate]);
    if (version === this.drawn) return this.element;
    const hadFocus = this.element.contains(document.activeElement);
    this.drawn = version;
    this.element.replaceChildren(
      rating.score && !this.changing
        ? this.thanks(rating.score, strings)
        : this.form(rating, strings),
    );
    if (hadFocus) this.element.querySelector<HTMLElement>("input:checked, button")?.focus();
    return this.element;
  }

  private form(rating: ChatRating, strings: Strings): HTMLElement {
    const form = make("form");
    const choices = make("fieldset", "stars");
    const title = make("legend");
    const comment = make("textarea", "comment");
    const submit = make("button", "start");
    title.textContent = strings.rate;
    comment.ariaLabel = comment.placeholder = strings.rateComment;
    comment.maxLength = 2000;
    comment.rows = 2;
    comment.dir = "auto";
    comment.value = rating.comment;
    submit.textContent = strings.rateSend;
    comment.hidden = submit.hidden = !rating.score;
    choices.append(title, ...SCORES.map((score) => star(score, score === rating.score, strings)));
    choices.onchange = () => (comment.hidden = submit.hidden = false);
    form.append(choices, comment, submit);
    form.onsubmit = (event) => {
      event.preventDefault();
      const score = Number(new FormData(form).get("score"));
      if (!score) return;
      submit.disabled = true;
      void this.save(score, comment.value.trim())
        .then(() => {
          this.changing = false;
          this.redraw();
        })
        .catch(() => undefined)
        .finally(() => (submit.disabled = false));
    };
    return form;
  }

  private thanks(score: number, strings: Strings): HTMLElement {
    const said = make("p", "thanks");
    const change = make("button", "link");
    change.type = "button";
    change.textContent = strings.rateChange;
    change.onclick = () => {
      this.changing = true;
      this.redraw();
    };
    said.append(`${strings.rated} (${score} / 5) `, change);
    return said;
  }
}

function star(score: (typeof SCORES)[number], chosen: boolean, strings: Strings): HTMLElement {
  const label = make("label", "star");
  const input = make("input");
  input.type = "radio";
  input.name = "score";
  input.value = String(score);
  input.defaultChecked = chosen;
  input.ariaLabel = `${score}: ${strings[`rating${score}`]}`;
  label.title = strings[`rating${score}`];
  label.append(input, icon("star"));
  return label;
}
