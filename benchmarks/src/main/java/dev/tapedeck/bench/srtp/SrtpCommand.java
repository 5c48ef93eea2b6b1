package dev.tapedeck.bench.srtp;

import com.sun.management.ThreadMXBean;
import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.report.OutputOptions;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.io.crypto.CipherChoice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench srtp}: what encryption alone costs, per back end and profile. */
@Command(name = "srtp", mixinStandardHelpOptions = true, sortOptions = false,
    description = "CPU time of encrypting a burst of packets for each of N receivers, and of decrypting it once; the back"
        + " ends take turns, so that their ratios hold on a busy machine too.")
public final class SrtpCommand implements Callable<Integer> {
  private static final int MAX_RECEIVERS = 2_000;
  private static final int MAX_BURST = 64;
  private static final int MIN_PACKET_BYTES = 32;
  private static final int MAX_PACKET_BYTES = 1_450;
  private static final int MAX_ROUNDS = 100_000;

  /** A turn of a few packets is shorter than the clock is exact. */
  private static final int PACKETS_PER_ROUND = 2_000;

  @Spec
  private CommandSpec spec;

  @Option(names = "--receivers", defaultValue = "50", paramLabel = "N",
      description = "1..2000. Default: ${DEFAULT-VALUE}.")
  private int receivers;

  @Option(names = "--burst", defaultValue = "8", paramLabel = "N",
      description = "Packets to each receiver in one turn, 1..64. Default: ${DEFAULT-VALUE}.")
  private int burst;

  @Option(names = "--packet-bytes", defaultValue = "1200", paramLabel = "N",
      description = "Of the RTP packet, 32..1450. Default: ${DEFAULT-VALUE}.")
  private int packetBytes;

  @Option(names = "--rounds", defaultValue = "1001", paramLabel = "N",
      description = "Measured for each back end, as many again before, 1..100000. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--crypto", paramLabel = "NAME", split = ",",
      description = "Back ends to measure, of ipsec-mb, libcrypto and portable; those that work here if absent.")
  private List<String> crypto;

  @Mixin
  private OutputOptions output;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--receivers", receivers, 1, MAX_RECEIVERS);
    OptionRange.check(spec, "--burst", burst, 1, MAX_BURST);
    OptionRange.check(spec, "--packet-bytes", packetBytes, MIN_PACKET_BYTES, MAX_PACKET_BYTES);
    OptionRange.check(spec, "--rounds", rounds, 1, MAX_ROUNDS);
    List<String> names = crypto == null ? usable() : crypto;
    SrtpReport report = new SrtpReport(receivers, burst, packetBytes);
    for (SrtpProfile profile : SrtpProfile.values()) {
      measure(names, profile, report);
    }
    output.tell(report);
    return 0;
  }

  private static List<String> usable() {
    return CipherChoice.NAMES.subList(CipherChoice.obstacles().size(), CipherChoice.NAMES.size());
  }

  private void measure(List<String> names, SrtpProfile profile, SrtpReport report) {
    List<Measured> all = new ArrayList<>();
    for (String name : names) {
      try {
        all.add(new Measured(name, new SrtpTurn(
            CipherChoice.choose(Optional.of(name)), profile, receivers, burst, packetBytes)));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage());
      }
    }
    for (int i = 0; i < rounds; i++) {
      all.forEach(one -> one.round(profile, false));
    }
    for (int i = 0; i < rounds; i++) {
      all.forEach(one -> one.round(profile, true));
    }
    for (Measured one : all) {
      report.add(one.name, profile, one.protectNanos, one.unprotectNanos, one.allocatedBytes / (double) one.packets);
      one.turn.close();
    }
  }

  /** One back end and what it took. */
  private final class Measured {
    final String name;
    final SrtpTurn turn;
    final List<Double> protectNanos = new ArrayList<>();
    final List<Double> unprotectNanos = new ArrayList<>();
    long allocatedBytes;
    long packets;

    Measured(String name, SrtpTurn turn) {
      this.name = name;
      this.turn = turn;
    }

    void round(SrtpProfile profile, boolean counts) {
      int turns = Math.max(1, PACKETS_PER_ROUND / (receivers * burst));
      long bytesBefore = threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < turns; i++) {
        turn.protect();
      }
      long protecting = threads.getCurrentThreadCpuTime() - before;
      long bytes = threads.getCurrentThreadAllocatedBytes() - bytesBefore;
      long unprotecting = unprotect(profile);
      if (counts) {
        int roundPackets = turns * receivers * burst;
        protectNanos.add(protecting / (double) roundPackets);
        unprotectNanos.add(unprotecting / (double) SrtpTurn.RECEIVED_PACKETS);
        allocatedBytes += bytes;
        packets += roundPackets;
      }
    }

    private long unprotect(SrtpProfile profile) {
      turn.receive();
      long before = threads.getCurrentThreadCpuTime();
      int good = turn.unprotect(profile.rtpTagBytes);
      long nanos = threads.getCurrentThreadCpuTime() - before;
      if (good != SrtpTurn.RECEIVED_PACKETS) {
        throw new IllegalStateException(name + " decrypted " + good + " of " + SrtpTurn.RECEIVED_PACKETS + " packets");
      }
      return nanos;
    }
  }
}
