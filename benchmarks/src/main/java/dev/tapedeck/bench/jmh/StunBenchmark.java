package dev.tapedeck.bench.jmh;

import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.ice.IceLiteAgent;
import dev.tapedeck.media.core.ice.StunCodec;
import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a connectivity check costs: to find its session, and to answer it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StunBenchmark {
  private static final String REMOTE_UFRAG = "them";
  private static final int RESPONSE_OFFSET = 512;
  private static final int FINGERPRINT_XOR = 0x5354554E;

  private Arena arena;
  private MemorySegment memory;
  private IceLiteAgent agent;
  private Path path;
  private int length;

  @Setup
  public void fill() throws GeneralSecurityException {
    arena = Arena.ofConfined();
    memory = arena.allocate(RESPONSE_OFFSET + IceLiteAgent.MAX_RESPONSE_BYTES, 64);
    IceCredentials ours = IceCredentials.create(new Random(1));
    agent = new IceLiteAgent(0, ours, REMOTE_UFRAG, IceLiteAgent.DEFAULT_CONSENT_NANOS, new Nobody());
    path = new Path(0, 0, 0xFFFF7F000001L, 5000, new InetSocketAddress("127.0.0.1", 5000));
    byte[] request = request(ours);
    length = request.length;
    MemorySegment.copy(request, 0, memory, ValueLayout.JAVA_BYTE, 0, length);
    if (answer() == 0) {
      throw new IllegalStateException("the check of this benchmark is not answered");
    }
  }

  /** A check of the controlling side, as RFC 8445 §7.2.2 has it. */
  private static byte[] request(IceCredentials ours) throws GeneralSecurityException {
    byte[] username = (ours.ufrag() + ":" + REMOTE_UFRAG).getBytes(StandardCharsets.US_ASCII);
    int paddedBytes = username.length + 3 & ~3;
    ByteBuffer message = ByteBuffer.allocate(20 + 4 + paddedBytes + 8 + 12 + 4 + 24 + 8);
    message.putShort((short) 0x0001).putShort((short) 0).putInt(0x2112A442).putLong(1).putInt(2);
    message.putShort((short) 0x0006).putShort((short) username.length).put(username)
        .position(24 + paddedBytes);
    message.putShort((short) 0x0024).putShort((short) 4).putInt(0x6E0001FF);
    message.putShort((short) 0x802A).putShort((short) 8).putLong(3);
    message.putShort((short) 0x0025).putShort((short) 0);
    // Both checksums are over the message as long as it is with them (RFC 8489 §14.5, §14.7).
    message.putShort(2, (short) (message.position() - 20 + 24));
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(ours.pwd().getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
    mac.update(message.array(), 0, message.position());
    message.putShort((short) 0x0008).putShort((short) 20).put(mac.doFinal());
    message.putShort(2, (short) (message.position() - 20 + 8));
    CRC32 crc = new CRC32();
    crc.update(message.array(), 0, message.position());
    message.putShort((short) 0x8028).putShort((short) 4).putInt((int) crc.getValue() ^ FINGERPRINT_XOR);
    return message.array();
  }

  @TearDown
  public void release() {
    arena.close();
  }

  @Benchmark
  public long peekLocalUfrag() {
    return StunCodec.peekLocalUfrag(memory, 0, length);
  }

  /** FINGERPRINT and MESSAGE-INTEGRITY of the request checked, those of the response written. */
  @Benchmark
  public int answer() {
    return agent.handleRequest(
        1, path, memory, 0, length, memory, RESPONSE_OFFSET, IceLiteAgent.MAX_RESPONSE_BYTES);
  }

  /** The path stays the same. */
  private static final class Nobody implements IceLiteAgent.Listener {
    @Override
    public void pathAdded(Path added) {}

    @Override
    public void pathRemoved(Path removed) {}

    @Override
    public void pathSelected(Path selected) {}

    @Override
    public void credentialsRetired(IceCredentials credentials) {}
  }
}
