package dev.tapedeck.bench.client.net;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Loses, delays and reorders media datagrams by a seed: the n-th media datagram meets the same fate in every run.
 *
 * <p>STUN and DTLS pass untouched unless {@link Rates#mediaOnly} is false, so that a loss test measures repair of media
 * and not luck in a handshake. Safe for several sending threads; the order of their calls is then theirs.
 */
public final class SeededImpairment implements Impairment {
  private final Rates rates;
  private final RandomGenerator random;
  private long droppedDatagrams;
  private long seenDatagrams;

  /**
   * @param loss         share of datagrams lost, 0..1
   * @param delayNanos   delay of every datagram
   * @param jitterNanos  further delay, evenly drawn from 0..jitterNanos
   * @param reorder      share of datagrams held back by {@code reorderNanos} more, so that others overtake them, 0..1
   * @param reorderNanos how long such a datagram is held back
   * @param mediaOnly    true to touch RTP and RTCP only
   */
  public record Rates(
      double loss, long delayNanos, long jitterNanos, double reorder, long reorderNanos, boolean mediaOnly) {
    public Rates {
      if (loss < 0 || loss > 1 || reorder < 0 || reorder > 1) {
        throw new IllegalArgumentException("loss " + loss + " and reorder " + reorder + " must be shares of 0..1");
      }
      if (delayNanos < 0 || jitterNanos < 0 || reorderNanos < 0) {
        throw new IllegalArgumentException("delays must not be negative");
      }
    }

    public static Rates loss(double loss) {
      return new Rates(loss, 0, 0, 0, 0, true);
    }
  }

  public SeededImpairment(long seed, Rates rates) {
    this.rates = rates;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @Override
  public synchronized long decide(byte[] data, int offset, int length, long nowNanos) {
    if (rates.mediaOnly && !Impairment.isMedia(data, offset)) {
      return 0;
    }
    seenDatagrams++;
    // Three draws for every datagram, so that changing one rate leaves the other fates as they were.
    double lossDraw = random.nextDouble();
    double jitterDraw = random.nextDouble();
    double reorderDraw = random.nextDouble();
    if (lossDraw < rates.loss) {
      droppedDatagrams++;
      return DROP;
    }
    long delayNanos = rates.delayNanos + (long) (jitterDraw * rates.jitterNanos);
    return reorderDraw < rates.reorder ? delayNanos + rates.reorderNanos : delayNanos;
  }

  public synchronized long seenDatagrams() {
    return seenDatagrams;
  }

  public synchronized long droppedDatagrams() {
    return droppedDatagrams;
  }
}
