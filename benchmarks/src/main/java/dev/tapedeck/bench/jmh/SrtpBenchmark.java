package dev.tapedeck.bench.jmh;

import dev.tapedeck.bench.srtp.SrtpTurn;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.io.crypto.CipherChoice;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Encryption of one packet of 1,200 bytes, by a worker that sends bursts of eight to 50 receivers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SrtpBenchmark {
  private static final int RECEIVERS = 50;
  private static final int BURST = 8;
  private static final int PACKET_BYTES = 1200;

  @Param({"ipsec-mb", "libcrypto", "portable"})
  String crypto;

  @Param
  SrtpProfile profile;

  private SrtpTurn turn;

  @Setup
  public void open() {
    turn = new SrtpTurn(CipherChoice.choose(Optional.of(crypto)), profile, RECEIVERS, BURST, PACKET_BYTES);
  }

  @TearDown
  public void close() {
    turn.close();
  }

  @Benchmark
  @OperationsPerInvocation(RECEIVERS * BURST)
  public void protect() {
    turn.protect();
  }
}
