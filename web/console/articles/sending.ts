import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { upload } from "~/api/client";

export const ACCEPTED =
  ".pdf,.docx,.pptx,.xlsx,.csv,.html,.htm,.md,.txt,.eml,.json,.odt,.rtf,.epub";

/** A file on its way to the server; once there, the server's list tells how it goes on. */
export interface Sent {
  key: number;
  file: File;
  progress: number;
  problem: string;
}

export function useSending() {
  const client = useQueryClient();
  const [files, setFiles] = useState<Sent[]>([]);
  const change = (key: number, part: Partial<Sent>) =>
    setFiles((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const drop = (key: number) => setFiles((all) => all.filter((one) => one.key !== key));

  const sendOne = async (key: number, file: File) => {
    try {
      await upload("/uploads", file, (progress) => change(key, { progress }));
      await client.invalidateQueries({ queryKey: ["uploads"] });
      drop(key);
    } catch (error) {
      change(key, { problem: error instanceof Error ? error.message : "The upload failed." });
    }
  };

  return {
    files,
    drop,
    send: (chosen: File[]) => {
      for (const file of chosen) {
        const key = Math.random();
        setFiles((all) => [...all, { key, file, progress: 0, problem: "" }]);
        void sendOne(key, file);
      }
    },
    again: ({ key, file }: Sent) => {
      change(key, { progress: 0, problem: "" });
      void sendOne(key, file);
    },
  };
}
