/** The screens of the settings, and who may use them. */
export const SECTIONS = {
  company: { name: "Company", role: "admin" },
  inboxes: { name: "Inboxes", role: "admin" },
  teammates: { name: "Teammates", role: "admin" },
  queues: { name: "Queues", role: "lead" },
  model: { name: "Model", role: "admin" },
  webhooks: { name: "Webhooks", role: "admin" },
  "dead-letters": { name: "Dead letters", role: "lead" },
} as const;

export type SectionId = keyof typeof SECTIONS;

export const sectionIds = Object.keys(SECTIONS) as SectionId[];
