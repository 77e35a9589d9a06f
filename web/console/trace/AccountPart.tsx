import type { Trace } from "~/api/types";

import { PairList, Part } from "./Part";
import classes from "./TraceView.module.css";

type Account = NonNullable<Trace["account"]>;

/** What asking the language model took: its look-ups, tokens and cost, and what went wrong. */
export function AccountPart(props: { account: Account; conversationCost?: number }) {
  const { account, conversationCost } = props;
  return (
    <Part title="Language model">
      {account.requests > 0 && <PairList pairs={numbers(account, conversationCost)} />}
      {account.notes.length > 0 && (
        <ul dir="auto">
          {account.notes.map((note, index) => (
            <li key={index}>{note}</li>
          ))}
        </ul>
      )}
      {account.tools.length > 0 && (
        <ol className={classes.found}>
          {account.tools.map((tool, index) => (
            <li key={index}>
              <div className={classes.hit}>
                <strong>{tool.name}</strong>
                <span className={classes.score}>{tool.ms.toFixed(1)} ms</span>
              </div>
              <code dir="auto">{tool.arguments}</code>
              <p dir="auto">
                {tool.told || `Found: ${tool.found.map((title) => `“${title}”`).join(", ")}`}
              </p>
            </li>
          ))}
        </ol>
      )}
    </Part>
  );
}

function numbers(account: Account, conversationCost?: number): [string, string][] {
  const counted = account.estimated ? " (estimated)" : "";
  const pairs: [string, string][] = [
    ["model", account.model],
    ["requests", String(account.requests)],
    ["tokens read", `${account.tokens_in.toLocaleString()}${counted}`],
    ["tokens written", `${account.tokens_out.toLocaleString()}${counted}`],
  ];
  if (account.cost > 0) pairs.push(["cost", money(account.cost)]);
  if (conversationCost) pairs.push(["cost of the conversation", money(conversationCost)]);
  return pairs;
}

/** A fraction of a cent is still worth seeing. */
function money(amount: number): string {
  return amount.toLocaleString(undefined, {
    minimumSignificantDigits: 2,
    maximumSignificantDigits: 3,
  });
}
