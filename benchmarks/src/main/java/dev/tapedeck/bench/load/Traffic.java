package dev.tapedeck.bench.load;

import dev.tapedeck.bench.client.rtp.SessionStats;
import dev.tapedeck.bench.client.rtp.SlotStats;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.latency.ArrivalProbe;
import java.util.Collection;
import java.util.function.ToLongFunction;

/**
 * What reached subscribers.
 *
 * @param audio    packets of voices
 * @param video    packets of pictures
 * @param lost     packets that did not, by the gaps in their numbering
 * @param bytes    of all packets, counted as they came
 * @param rejected of those decrypted, packets that did not authenticate
 * @param checked  packets of the sample that arrived as they were sent
 * @param broken   packets of the sample that did not
 */
public record Traffic(long audio, long video, long lost, long bytes, long rejected, long checked, long broken) {
  public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0, 0);

  /** So far; on the loop thread of these subscribers. */
  static Traffic of(Collection<Watching> watchings) {
    Traffic sum = NONE;
    for (Watching watching : watchings) {
      sum = sum.plus(of(watching));
    }
    return sum;
  }

  private static Traffic of(Watching watching) {
    SessionStats stats = watching.watcher().stats();
    long audio = 0;
    long bytes = 0;
    for (SlotStats slot : stats.slots()) {
      audio += watching.watcher().kind(slot.mid()) == MediaKind.AUDIO ? slot.received() : 0;
      bytes += slot.payloadBytes();
    }
    return new Traffic(audio, stats.packetsReceived() - audio, stats.lostPackets(), bytes, stats.rejected(),
        ofProbe(watching, ArrivalProbe::intactPackets), ofProbe(watching, ArrivalProbe::brokenPackets));
  }

  private static long ofProbe(Watching watching, ToLongFunction<ArrivalProbe> count) {
    return watching.probe().stream().mapToLong(count).sum();
  }

  public Traffic plus(Traffic other) {
    return new Traffic(audio + other.audio, video + other.video, lost + other.lost, bytes + other.bytes,
        rejected + other.rejected, checked + other.checked, broken + other.broken);
  }

  public Traffic minus(Traffic before) {
    return new Traffic(audio - before.audio, video - before.video, lost - before.lost, bytes - before.bytes,
        rejected - before.rejected, checked - before.checked, broken - before.broken);
  }

  /** All packets. */
  public long packets() {
    return audio + video;
  }
}
