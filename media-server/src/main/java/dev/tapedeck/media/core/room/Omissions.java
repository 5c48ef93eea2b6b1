package dev.tapedeck.media.core.room;

/**
 * Numbers in a row, packets or pictures, of which some are left out on purpose: how those that remain are counted without
 * them, and back. Only the newest number can be left out, because later ones have theirs already. Remembers the last
 * {@value #REMEMBERED} numbers, a bit for each. Owned by the worker thread.
 */
final class Omissions {
  /** Returned for numbers so old that they are forgotten. */
  static final long FORGOTTEN = Long.MIN_VALUE;

  static final int REMEMBERED = 2048;
  private static final int WORD_BITS = 6;
  private static final int WORDS = REMEMBERED >> WORD_BITS;
  private static final long[] NOTHING = new long[WORDS];

  /** Made with the first number that is left out or emptied: most receivers get everything. */
  private long[] leftOut = NOTHING;
  private long[] emptied = NOTHING;

  /** How many were left out before the first number of a word. */
  private long[] leftOutBefore = NOTHING;
  private long newestWord;
  private long total;

  /** @param first no number is smaller */
  Omissions(long first) {
    newestWord = first >> WORD_BITS;
  }

  /** How many were left out since the beginning. */
  long total() {
    return total;
  }

  /** Leaves out a number, which must be above all that were counted; the second time changes nothing. */
  void leaveOut(long newest) {
    begin();
    advanceTo(newest >> WORD_BITS);
    int word = place(newest >> WORD_BITS);
    if ((leftOut[word] & bit(newest)) == 0) {
      leftOut[word] |= bit(newest);
      total++;
    }
  }

  /** Remembers that a number, which came too late to be left out, counts but stands for nothing. */
  void empty(long number) {
    long word = number >> WORD_BITS;
    if (isRemembered(word)) {
      begin();
      emptied[place(word)] |= bit(number);
    }
  }

  private void begin() {
    if (leftOut == NOTHING) {
      leftOut = new long[WORDS];
      emptied = new long[WORDS];
      leftOutBefore = new long[WORDS];
    }
  }

  boolean isEmptied(long number) {
    long word = number >> WORD_BITS;
    return isRemembered(word) && (emptied[place(word)] & bit(number)) != 0;
  }

  boolean isLeftOut(long number) {
    long word = number >> WORD_BITS;
    return isRemembered(word) && (leftOut[place(word)] & bit(number)) != 0;
  }

  /** A number counted without those left out, or {@link #FORGOTTEN}. */
  long count(long number) {
    long word = number >> WORD_BITS;
    if (total == 0) {
      return number;
    }
    if (word > newestWord) {
      return number - total;
    }
    if (!isRemembered(word)) {
      return leftOutBefore[place(oldestWord())] == 0 ? number : FORGOTTEN;
    }
    return number - leftOutBefore[place(word)] - Long.bitCount(leftOut[place(word)] & bit(number) - 1);
  }

  /** The number that is counted so, or {@link #FORGOTTEN}. */
  long numberOf(long counted) {
    if (total == 0) {
      return counted;
    }
    if (counted + total >> WORD_BITS > newestWord) {
      return counted + total;
    }
    for (long word = newestWord; word >= oldestWord(); word--) {
      long first = word << WORD_BITS;
      long behind = counted - (first - leftOutBefore[place(word)]);
      if (behind >= 0) {
        return select(first, ~leftOut[place(word)], behind);
      }
    }
    return leftOutBefore[place(oldestWord())] == 0 ? counted : FORGOTTEN;
  }

  /** The bit that has {@code behind} set bits below it, as a number. */
  private static long select(long first, long bits, long behind) {
    long left = bits;
    for (long i = 0; i < behind; i++) {
      left &= left - 1;
    }
    return left == 0 ? FORGOTTEN : first + Long.numberOfTrailingZeros(left);
  }

  /** Up to this number all are known; what lies above the word was never left out. */
  void advance(long newest) {
    if (total > 0) {
      advanceTo(newest >> WORD_BITS);
    }
  }

  private void advanceTo(long word) {
    for (long next = Math.max(newestWord + 1, word - WORDS + 1); next <= word; next++) {
      leftOut[place(next)] = 0;
      emptied[place(next)] = 0;
      leftOutBefore[place(next)] = total;
    }
    newestWord = Math.max(newestWord, word);
  }

  private boolean isRemembered(long word) {
    return word <= newestWord && word >= oldestWord();
  }

  private long oldestWord() {
    return newestWord - WORDS + 1;
  }

  private static int place(long word) {
    return (int) word & WORDS - 1;
  }

  private static long bit(long number) {
    return 1L << number; // of the low six bits alone
  }
}
