/** Two soft notes, made by the browser: no file, and none before a person has touched the page. */

const NOTES = [659.3, 880];
const SECONDS_EACH = 0.18;
const LOUDNESS = 0.12;

let context: AudioContext | null = null;

export async function chime(): Promise<void> {
  context ??= new AudioContext();
  // A page that nobody has touched may not sound; then the page says it in colour and words alone.
  if (context.state === "suspended") await context.resume();
  const start = context.currentTime;
  for (const [at, note] of NOTES.entries()) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const from = start + at * SECONDS_EACH;
    tone.frequency.value = note;
    volume.gain.setValueAtTime(LOUDNESS, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + SECONDS_EACH * 2);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + SECONDS_EACH * 2);
  }
}
