/** How sure we are that an address is somebody's, in words. */
export const STRENGTHS: Record<string, { word: string; colour: string; meaning: string }> = {
  claimed: { word: "Claimed", colour: "gray", meaning: "Somebody said so. Proves nothing." },
  observed: { word: "Seen", colour: "gray", meaning: "Messages come from this address." },
  asserted: { word: "Confirmed", colour: "blue", meaning: "The channel vouches for it." },
  verified: { word: "Verified", colour: "thread", meaning: "A one-time code or link proved it." },
  signed: { word: "Signed", colour: "thread", meaning: "Your shop signed it." },
};

export function strengthName(strength: string): string {
  return STRENGTHS[strength]?.word ?? strength;
}
