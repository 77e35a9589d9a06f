/** One short, soft tone. Browsers allow it only after the visitor has touched the page. */
export function beep(wanted: boolean): void {
  if (!wanted) return;
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.06, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.26);
    tone.onended = () => void audio.close();
  } catch {
    return;
  }
}
