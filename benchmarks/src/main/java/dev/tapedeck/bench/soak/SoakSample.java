package dev.tapedeck.bench.soak;

import dev.tapedeck.bench.process.JvmFacts;
import java.util.Locale;

/** What the server held after so many recordings, none of them running. */
record SoakSample(int cycles, JvmFacts facts) {
  String toText() {
    return String.format(Locale.ROOT, "after %,d recordings: heap %,d KiB, native %,d KiB, resident %,d KiB,"
        + " %d threads, %d files", cycles, facts.heapBytes() >> 10, facts.nativeBytes() >> 10, facts.rssBytes() >> 10,
        facts.threads(), facts.files());
  }
}
