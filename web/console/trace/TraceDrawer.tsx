import { Drawer } from "@mantine/core";

import { useRun } from "~/api/conversations";
import { Failed, Lines } from "~/parts/states";
import { fullTime } from "~/parts/time";

import { TraceView } from "./TraceView";

/** Why an answer was given: what was understood, found, checked and decided. */
export function TraceDrawer({ run, onClose }: { run: string | null; onClose: () => void }) {
  const trace = useRun(run);
  return (
    <Drawer
      opened={run !== null}
      onClose={onClose}
      position="right"
      size="34rem"
      title="Why this answer?"
    >
      {trace.isPending ? (
        <Lines count={10} />
      ) : trace.isError ? (
        <Failed error={trace.error} retry={() => void trace.refetch()} />
      ) : (
        <TraceView
          trace={trace.data}
          when={fullTime(trace.data.at)}
          conversationCost={trace.data.conversation_cost}
        />
      )}
    </Drawer>
  );
}
