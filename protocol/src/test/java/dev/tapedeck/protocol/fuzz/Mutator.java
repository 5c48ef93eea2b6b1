package dev.tapedeck.protocol.fuzz;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Feeds a parser its corpus and then seeded mutations of it. The same seed, corpus and count give the same inputs, so a
 * failure is repeated by its printed line alone.
 */
public final class Mutator {
  /** A corpus smaller than this explores too little to count as a fuzz test. */
  public static final int MIN_CORPUS = 50;

  /** Mutations never grow an input beyond this; longer corpus inputs are kept as they are. */
  private static final int MAX_BYTES = 1 << 16;

  /** Values at which lengths, counts and signs turn over. */
  private static final long[] INTERESTING = {
    0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 20, 31, 32, 63, 64, 127, 128, 191, 192, 223, 254, 255, 256, 511, 512, 1023, 1024,
    1500, 4095, 4096, 0x7FFF, 0x8000, 0xBEDE, 0x1000, 0xFFFE, 0xFFFF, 0x10000, 0x7FFF_FFFFL, 0x8000_0000L,
    0xFFFF_FFFEL, 0xFFFF_FFFFL, Long.MAX_VALUE, Long.MIN_VALUE, -1
  };

  private final RandomGenerator random;
  private final List<byte[]> corpus;

  private Mutator(RandomGenerator random, List<byte[]> corpus) {
    this.random = random;
    this.corpus = corpus;
  }

  /**
   * Runs {@code parser} on each corpus input and then on {@code mutations} mutated ones.
   *
   * @param target name for the printed line
   * @param corpus at least {@link #MIN_CORPUS} inputs, not changed; the parser gets copies
   * @param parser throws to fail; it may keep or change the array it is given
   * @throws AssertionError naming seed, iteration and input when the parser threw anything
   */
  public static void run(String target, long seed, List<byte[]> corpus, int mutations, Consumer<byte[]> parser) {
    if (corpus.size() < MIN_CORPUS) {
      throw new IllegalArgumentException(
          "fuzz " + target + ": corpus holds " + corpus.size() + " inputs, needs " + MIN_CORPUS);
    }
    Mutator mutator = new Mutator(new SplittableRandom(seed), corpus);
    for (int i = 0; i < corpus.size(); i++) {
      feed(target, seed, i - corpus.size(), corpus.get(i).clone(), parser);
    }
    for (int i = 0; i < mutations; i++) {
      feed(target, seed, i, mutator.next(), parser);
    }
    System.out.printf("fuzz %s: corpus %d, mutations %d, seed %d%n", target, corpus.size(), mutations, seed);
  }

  /** @param iteration counts mutations; negative while the corpus itself runs */
  private static void feed(String target, long seed, int iteration, byte[] input, Consumer<byte[]> parser) {
    byte[] given = input.clone();
    try {
      parser.accept(input);
    } catch (Throwable failure) {
      String message = "fuzz " + target + " failed: seed " + seed + ", iteration " + iteration + ", input "
          + HexFormat.of().formatHex(given);
      System.out.println(message);
      throw new AssertionError(message, failure);
    }
  }

  private byte[] next() {
    byte[] bytes = pick().clone();
    for (int step = 1 + random.nextInt(4); step > 0; step--) {
      bytes = mutate(bytes);
    }
    return bytes;
  }

  private byte[] pick() {
    return corpus.get(random.nextInt(corpus.size()));
  }

  private byte[] mutate(byte[] in) {
    return switch (random.nextInt(9)) {
      case 0 -> flipBit(in);
      case 1 -> setByte(in);
      case 2 -> insert(in);
      case 3 -> delete(in);
      case 4 -> Arrays.copyOf(in, random.nextInt(in.length + 1));
      case 5 -> duplicate(in);
      case 6 -> splice(in, pick());
      default -> writeInteresting(in);
    };
  }

  private byte[] flipBit(byte[] in) {
    if (in.length > 0) {
      in[random.nextInt(in.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return in;
  }

  private byte[] setByte(byte[] in) {
    if (in.length > 0) {
      in[random.nextInt(in.length)] = (byte) random.nextInt();
    }
    return in;
  }

  private byte[] insert(byte[] in) {
    byte[] added = new byte[1 + random.nextInt(8)];
    random.nextBytes(added);
    return replace(in, random.nextInt(in.length + 1), 0, added);
  }

  private byte[] delete(byte[] in) {
    int from = random.nextInt(in.length + 1);
    int count = Math.min(in.length - from, 1 + random.nextInt(8));
    return replace(in, from, count, new byte[0]);
  }

  private byte[] duplicate(byte[] in) {
    int from = random.nextInt(in.length + 1);
    int to = from + random.nextInt(in.length - from + 1);
    return replace(in, to, 0, Arrays.copyOfRange(in, from, to));
  }

  private byte[] splice(byte[] head, byte[] tail) {
    int headBytes = random.nextInt(head.length + 1);
    int tailFrom = random.nextInt(tail.length + 1);
    return replace(head, headBytes, head.length - headBytes, Arrays.copyOfRange(tail, tailFrom, tail.length));
  }

  private byte[] writeInteresting(byte[] in) {
    int width = Math.min(in.length, 1 << random.nextInt(4));
    long value = INTERESTING[random.nextInt(INTERESTING.length)];
    int at = random.nextInt(in.length - width + 1);
    boolean bigEndian = random.nextInt(4) != 0;
    for (int i = 0; i < width; i++) {
      int shift = 8 * (bigEndian ? width - 1 - i : i);
      in[at + i] = (byte) (value >>> shift);
    }
    return in;
  }

  /** {@code in} with {@code removed} bytes at {@code at} exchanged for {@code added}, unless that grew too long. */
  private static byte[] replace(byte[] in, int at, int removed, byte[] added) {
    if (in.length - removed + added.length > Math.max(MAX_BYTES, in.length)) {
      return in;
    }
    byte[] out = new byte[in.length - removed + added.length];
    System.arraycopy(in, 0, out, 0, at);
    System.arraycopy(added, 0, out, at, added.length);
    System.arraycopy(in, at + removed, out, at + added.length, in.length - at - removed);
    return out;
  }
}
