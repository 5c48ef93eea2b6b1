package dev.tapedeck.media.core.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.protocol.fuzz.Mutator;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes: no exception, no write beyond the capacity, and only an authentic check counts. Half of the
 * mutations are signed again, else hardly one would come past the FINGERPRINT.
 */
class StunFuzzTest {
  private static final long SEED = 8_489;
  private static final int MUTATIONS = 100_000;
  private static final long CONSENT_NANOS = 30_000_000_000L;
  private static final IceCredentials LOCAL = new IceCredentials("LocalFra", "LocalPasswordOf24Charact");
  private static final Path PATH = TestStun.path("192.0.2.1", 50_000);

  private final Listener listener = new Listener();
  private final IceLiteAgent agent = new IceLiteAgent(0, LOCAL, "remote", CONSENT_NANOS, listener);
  private final MemorySegment out = MemorySegment.ofArray(new byte[IceLiteAgent.MAX_RESPONSE_BYTES]);
  private final Random coin = new Random(SEED);

  @Test
  void survivesAnything() {
    Mutator.run("stun", SEED, corpus(), MUTATIONS, this::handle);
    assertThat(agent.passedChecks()).as("signed again and still checks").isGreaterThan(MUTATIONS / 40);
    assertThat(agent.refusedChecks()).as("signed again and refused").isGreaterThan(MUTATIONS / 40);
  }

  private void handle(byte[] mutated) {
    byte[] bytes = coin.nextBoolean() ? TestStun.repaired(mutated, LOCAL.pwd()) : mutated;
    MemorySegment memory = TestStun.at(2, bytes);
    long passed = agent.passedChecks();
    long answered = passed + agent.refusedChecks();
    long key = StunCodec.peekLocalUfrag(memory, 2, bytes.length);
    int length = agent.handleRequest(0, PATH, memory, 2, bytes.length, out, 0, IceLiteAgent.MAX_RESPONSE_BYTES);

    assertThat(length).isBetween(0, IceLiteAgent.MAX_RESPONSE_BYTES);
    assertThat(agent.passedChecks() + agent.refusedChecks() - answered).isEqualTo(length > 0 ? 1 : 0);
    if (agent.passedChecks() > passed) {
      assertThat(key).as("what passes was found by its fragment").isEqualTo(LOCAL.ufragKey());
    }
  }

  private static List<byte[]> corpus() {
    Random random = new Random(SEED);
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      TestStun request = i % 6 == 0 ? TestStun.request() : TestStun.check(i % 5 == 0 ? "Other" : "LocalFra:remote");
      if (i % 2 == 0) {
        request.useCandidate();
      }
      if (i % 7 == 0) {
        byte[] value = new byte[random.nextInt(40)];
        random.nextBytes(value);
        request.attribute(random.nextInt(0x10000), value);
      }
      corpus.add(i % 11 == 0 ? request.bytes() : request.integrity(LOCAL.pwd()).bytes());
    }
    return corpus;
  }

  /** Checks that only known paths are named. */
  private static final class Listener implements IceLiteAgent.Listener {
    @Override
    public void pathAdded(Path path) {
      assertThat(path).isSameAs(PATH);
    }

    @Override
    public void pathRemoved(Path path) {
      throw new AssertionError("there is but one path");
    }

    @Override
    public void pathSelected(Path path) {
      assertThat(path).isSameAs(PATH);
    }

    @Override
    public void credentialsRetired(IceCredentials credentials) {
      throw new AssertionError("nothing was restarted");
    }
  }
}
