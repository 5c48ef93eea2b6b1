package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.npm.NpmPackages;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The SCTP of the npm package werift in a Node process, and an association of ours that speaks with it over the process's
 * pipes, with packets lost on purpose.
 */
final class WeriftPeer implements AutoCloseable {
  private static final String VERSION = "0.24.4";
  private static final long DEADLINE_NANOS = 120_000_000_000L;
  private static final long MAX_WAIT_NANOS = 50_000_000;

  final SctpPeer ours;
  private final SplittableRandom random = new SplittableRandom(7);
  private final double loss;
  private final Process process;
  private final DataOutputStream toPeer;
  private final BlockingQueue<byte[]> fromPeer = new ArrayBlockingQueue<>(10_000);

  /** @param sendsInit whether the peer sends INIT too, and then has the odd channel ids */
  WeriftPeer(boolean sendsInit, double loss) throws IOException, InterruptedException {
    this.loss = loss;
    Path folder = NpmPackages.install("werift@" + VERSION).resolve("werift");
    SctpLimits limits = SctpLimits.defaults();
    ours = new SctpPeer(SctpWorld.config(sendsInit, true, limits), 1);
    process = new ProcessBuilder("node", Path.of("src/test/resources/sctp/werift-peer.mjs").toString(),
        folder.toString(), sendsInit ? "init" : "wait")
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    toPeer = new DataOutputStream(process.getOutputStream());
    Thread.ofVirtual().name("werift").start(this::read);
    ours.association.openNegotiated(System.nanoTime(), 0, ChannelParameters.reliable("data"), ours);
    ours.association.connect(System.nanoTime(), ours);
  }

  private void read() {
    try (DataInputStream in = new DataInputStream(process.getInputStream())) {
      while (true) {
        fromPeer.put(in.readNBytes(in.readUnsignedShort()));
      }
    } catch (EOFException | InterruptedException e) {
      return; // the test is over
    } catch (IOException e) {
      throw new IllegalStateException("reading from werift", e);
    }
  }

  /** Carries packets and keeps time until the condition holds. */
  void runUntil(String what, BooleanSupplier condition) throws IOException, InterruptedException {
    long end = System.nanoTime() + DEADLINE_NANOS;
    carry();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new AssertionError("waited in vain for " + what + "; told " + ours.events.size() + " events, peer "
            + (process.isAlive() ? "lives" : "is gone"));
      }
      long wait = ours.association.nextTimeoutNanos() - System.nanoTime();
      byte[] packet = fromPeer.poll(Math.clamp(wait, 0, MAX_WAIT_NANOS), TimeUnit.NANOSECONDS);
      if (packet != null && random.nextDouble() >= loss) {
        ours.receive(System.nanoTime(), packet);
      }
      ours.association.handleTimeout(System.nanoTime(), ours);
      carry();
    }
  }

  private void carry() throws IOException {
    byte[] packet;
    while ((packet = ours.packets.poll()) != null) {
      if (random.nextDouble() >= loss) {
        toPeer.writeShort(packet.length);
        toPeer.write(packet);
      }
    }
    toPeer.flush();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    toPeer.close();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
