import { Kbd, Modal } from "@mantine/core";

import classes from "./ShortcutHelp.module.css";

const GROUPS: { name: string; keys: [string[], string][] }[] = [
  {
    name: "Anywhere",
    keys: [
      [["Ctrl", "K"], "Search and commands"],
      [["g", "i"], "Go to the inbox"],
      [["g", "u"], "Go to pairs that may be the same person"],
      [["g", "a"], "Go to articles"],
      [["g", "s"], "Go to settings"],
      [["g", "p"], "Go to my profile"],
      [["z"], "Undo, while it is offered"],
      [["?"], "This overview"],
    ],
  },
  {
    name: "In the inbox",
    keys: [
      [["j"], "Next conversation"],
      [["k"], "Previous conversation"],
      [["Enter"], "Open the selected conversation"],
      [["/"], "Search"],
      [["Esc"], "Back to the list"],
    ],
  },
  {
    name: "In a conversation",
    keys: [
      [["r"], "Reply"],
      [["n"], "Note for teammates"],
      [["t"], "Take over, or give back"],
      [["d"], "Go to the draft; Enter approves it"],
      [["a"], "Assign"],
      [["s"], "Split off from the customer's last message on"],
      [["m"], "Merge into another conversation"],
      [["e"], "Resolve, or reopen"],
      [["c"], "Customer panel"],
      [["Ctrl", "Enter"], "Send"],
      [["Ctrl", "Shift", "Enter"], "Send and resolve"],
    ],
  },
  {
    name: "Same person?",
    keys: [
      [["j"], "Next pair"],
      [["k"], "Previous pair"],
      [["m"], "They are the same: merge"],
      [["x"], "They are not the same"],
    ],
  },
];

export function ShortcutHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal opened={open} onClose={onClose} title="Keyboard shortcuts" size="lg">
      <div className={classes.groups}>
        {GROUPS.map((group) => (
          <section key={group.name}>
            <h3>{group.name}</h3>
            <dl>
              {group.keys.map(([keys, meaning]) => (
                <div key={meaning}>
                  <dt>
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
