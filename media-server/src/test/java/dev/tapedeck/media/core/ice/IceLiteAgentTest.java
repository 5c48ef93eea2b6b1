package dev.tapedeck.media.core.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.attribute.MessageIntegrityAttribute;
import org.ice4j.attribute.UnknownAttributesAttribute;
import org.ice4j.attribute.XorMappedAddressAttribute;
import org.ice4j.message.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses are decoded by ice4j, which knows nothing of our codec. */
class IceLiteAgentTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = Long.MAX_VALUE - 5 * SECOND; // so that the clock turns over
  private static final IceCredentials LOCAL = new IceCredentials("LocalFra", "LocalPasswordOf24Charact");
  private static final IceCredentials NEXT = new IceCredentials("NextFrag", "NextPasswordOf24Characte");
  private static final String USERNAME = "LocalFra:remote";
  private static final String NEXT_USERNAME = "NextFrag:remoteNext";
  private static final Path PATH = TestStun.path("192.0.2.1", 50_000);
  private static final Path OTHER = TestStun.path("2001:db8::1", 50_001);

  private final List<String> events = new ArrayList<>();
  private final IceLiteAgent agent = new IceLiteAgent(START, LOCAL, "remote", 30 * SECOND, new IceLiteAgent.Listener() {
    @Override
    public void pathAdded(Path path) {
      events.add("added " + path.port());
    }

    @Override
    public void pathRemoved(Path path) {
      events.add("removed " + path.port());
    }

    @Override
    public void pathSelected(Path path) {
      events.add("selected " + path.port());
    }

    @Override
    public void credentialsRetired(IceCredentials credentials) {
      events.add("retired " + credentials.ufrag());
    }
  });

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8:1:2:3:4:5:6"})
  void answersCheckWithAddressItCameFrom(String address) throws Exception {
    Path path = TestStun.path(address, 61_234);
    byte[] response = handle(path, check());
    Message message = decoded(response);

    assertThat(message.getMessageType()).isEqualTo(Message.BINDING_SUCCESS_RESPONSE);
    assertThat(message.getTransactionID()).isEqualTo(TestStun.TRANSACTION);
    XorMappedAddressAttribute mapped = (XorMappedAddressAttribute) message.getAttribute(Attribute.XOR_MAPPED_ADDRESS);
    assertThat(mapped.getAddress(TestStun.TRANSACTION))
        .isEqualTo(new TransportAddress(path.remote().getAddress(), path.port(), Transport.UDP));
    assertSigned(response, message, LOCAL);
    assertThat(agent.passedChecks()).isEqualTo(1);
  }

  @Test
  void answersCheckOfIce4j() throws Exception {
    byte[] request = Ice4jRequests.check(USERNAME, LOCAL.pwd(), true);

    assertThat(decoded(handle(PATH, request)).getMessageType()).isEqualTo(Message.BINDING_SUCCESS_RESPONSE);
    assertThat(events).containsExactly("added 50000", "selected 50000");
  }

  @Test
  void sendsOnFirstPathUntilOneIsNominated() {
    assertThat(agent.hasSelectedPath()).isFalse();
    assertThatThrownBy(agent::selectedPath).isInstanceOf(IllegalStateException.class);

    handle(PATH, check());
    handle(OTHER, check());
    assertThat(agent.selectedPath()).isSameAs(PATH);
    assertThat(agent.isNominated()).isFalse();

    handle(OTHER, nomination());
    assertThat(agent.selectedPath()).isSameAs(OTHER);
    assertThat(agent.isNominated()).isTrue();

    handle(PATH, check());
    assertThat(agent.selectedPath()).as("a check alone moves nothing").isSameAs(OTHER);
    handle(PATH, nomination());
    assertThat(agent.selectedPath()).as("the client moved").isSameAs(PATH);
    assertThat(events).containsExactly(
        "added 50000", "selected 50000", "added 50001", "selected 50001", "selected 50000");
  }

  @Test
  void refusesCheckWithoutCredentials() throws Exception {
    assertError(handle(PATH, TestStun.request().bytes()), 400);
    assertError(handle(PATH, TestStun.request().integrity(LOCAL.pwd()).bytes()), 400);
    assertError(handle(PATH, TestStun.check(USERNAME).useCandidate().bytes()), 400);
    assertNothingChanged(3);
  }

  @Test
  void refusesCheckWithWrongCredentials() throws Exception {
    assertError(handle(PATH, TestStun.check(USERNAME).useCandidate().integrity("x").bytes()), 401);
    assertError(handle(PATH, TestStun.check("LocalFra:other").useCandidate().integrity(LOCAL.pwd()).bytes()), 401);
    assertError(handle(PATH, TestStun.check("LocalFrb:remote").useCandidate().integrity(LOCAL.pwd()).bytes()), 401);
    assertError(handle(PATH, TestStun.check(USERNAME + "x").useCandidate().integrity(LOCAL.pwd()).bytes()), 401);
    assertNothingChanged(4);
  }

  @Test
  void refusesAttributesItMustKnowAndDoesNot() throws Exception {
    byte[] response = handle(PATH, TestStun.check(USERNAME)
        .attribute(0x7777, new byte[3]).attribute(0x0003, new byte[4]).attribute(0x9999, new byte[1])
        .integrity(LOCAL.pwd()).bytes());
    Message message = assertError(response, 420);

    UnknownAttributesAttribute unknown =
        (UnknownAttributesAttribute) message.getAttribute(Attribute.UNKNOWN_ATTRIBUTES);
    assertThat(unknown.getAttributeCount()).isEqualTo(2);
    assertThat(unknown.contains((char) 0x7777)).isTrue();
    assertThat(unknown.contains((char) 0x0003)).isTrue();
    assertSigned(response, message, LOCAL);
    assertNothingChanged(1);
  }

  @Test
  void listsNoMoreUnknownAttributesThanFit() throws Exception {
    TestStun request = TestStun.check(USERNAME);
    for (int i = 0; i < 100; i++) {
      request.attribute(0x7000 + i, new byte[0]);
    }
    byte[] response = handle(PATH, request.integrity(LOCAL.pwd()).bytes());
    assertThat(response).hasSizeLessThanOrEqualTo(IceLiteAgent.MAX_RESPONSE_BYTES);
    assertError(response, 420);
  }

  @Test
  void staysControlled() throws Exception {
    byte[] response = handle(PATH, TestStun.request()
        .attribute(0x0006, USERNAME.getBytes(StandardCharsets.UTF_8)).attribute(0x8029, new byte[8])
        .integrity(LOCAL.pwd()).bytes());
    assertSigned(response, assertError(response, 487), LOCAL);
    assertNothingChanged(1);
  }

  @Test
  void saysNothingToWhatIsNoCheck() {
    byte[] good = check();
    assertThat(handle(PATH, TestStun.check(USERNAME).integrity(LOCAL.pwd()).withoutFingerprint())).isEmpty();
    assertThat(handle(PATH, TestStun.check(USERNAME).integrity(LOCAL.pwd()).type(0x0011).bytes())).isEmpty();
    assertThat(handle(PATH, TestStun.check(USERNAME).integrity(LOCAL.pwd()).type(0x0101).bytes())).isEmpty();
    assertThat(handle(PATH, TestStun.check(USERNAME).integrity(LOCAL.pwd()).type(0x0003).bytes())).isEmpty();
    assertThat(handle(PATH, new byte[0])).isEmpty();
    assertThat(handle(PATH, new byte[20])).isEmpty();
    assertThat(handle(PATH, Arrays.copyOf(good, good.length - 4))).isEmpty();
    assertThat(handle(PATH, Arrays.copyOf(good, good.length + 4))).isEmpty();
    byte[] tooLong = TestStun.check(USERNAME).attribute(0x8022, new byte[1_300]).integrity(LOCAL.pwd()).bytes();
    assertThat(handle(PATH, tooLong)).isEmpty();
    assertNothingChanged(0);
  }

  @Test
  void ignoresWhatFollowsIntegrity() {
    handle(PATH, check());
    handle(OTHER, TestStun.check(USERNAME).integrity(LOCAL.pwd()).useCandidate().bytes());
    assertThat(agent.isNominated()).as("USE-CANDIDATE was not covered").isFalse();
  }

  @Test
  void writesNothingBeyondCapacity() {
    byte[] request = check();
    MemorySegment memory = MemorySegment.ofArray(request);
    MemorySegment out = MemorySegment.ofArray(new byte[63]);
    assertThat(agent.handleRequest(START, PATH, memory, 0, request.length, out, 0, 63)).isZero();
    assertThat(out.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
  }

  @Test
  void losesConsentThirtySecondsAfterLastValidCheck() {
    assertThat(agent.isConsentFresh(START + 30 * SECOND)).isTrue();
    assertThat(agent.isConsentFresh(START + 30 * SECOND + 1)).isFalse();

    handle(START + 10 * SECOND, PATH, check());
    handle(START + 20 * SECOND, PATH, TestStun.check(USERNAME).integrity("wrong").bytes());
    assertThat(agent.isConsentFresh(START + 40 * SECOND)).isTrue();
    assertThat(agent.nextTimeoutNanos()).isEqualTo(START + 40 * SECOND + 1);
    assertThat(agent.isConsentFresh(agent.nextTimeoutNanos())).isFalse();
  }

  @Test
  void answersBothGenerationsUntilNewOneIsNominated() throws Exception {
    handle(PATH, nomination());
    agent.restart(NEXT, "remoteNext");
    events.clear();

    assertThat(decoded(handle(PATH, check())).getMessageType()).isEqualTo(Message.BINDING_SUCCESS_RESPONSE);
    byte[] response = handle(OTHER, TestStun.check(NEXT_USERNAME).integrity(NEXT.pwd()).bytes());
    assertSigned(response, decoded(response), NEXT);
    assertThat(agent.selectedPath()).as("media goes on where it was").isSameAs(PATH);

    handle(OTHER, TestStun.check(NEXT_USERNAME).useCandidate().integrity(NEXT.pwd()).bytes());
    assertThat(agent.selectedPath()).isSameAs(OTHER);
    assertError(handle(PATH, nomination()), 401);
    assertThat(agent.selectedPath()).isSameAs(OTHER);
    assertThat(events).containsExactly("added 50001", "retired LocalFra", "selected 50001");
  }

  @Test
  void replacesRestartThatNeverCompleted() throws Exception {
    handle(PATH, nomination());
    agent.restart(NEXT, "remoteNext");
    IceCredentials third = new IceCredentials("ThirdFra", "ThirdPasswordOf24Charact");
    agent.restart(third, "remote3");

    assertError(handle(PATH, TestStun.check(NEXT_USERNAME).integrity(NEXT.pwd()).bytes()), 401);
    handle(PATH, TestStun.check("ThirdFra:remote3").useCandidate().integrity(third.pwd()).bytes());
    assertThat(events).endsWith("retired NextFrag", "retired LocalFra");
  }

  @Test
  void remembersSixteenPathsAndForgetsTheOneCheckedLongestAgo() {
    handle(PATH, nomination());
    Path[] paths = new Path[20];
    for (int i = 0; i < paths.length; i++) {
      paths[i] = TestStun.path("198.51.100.1", 1_000 + i);
      handle(paths[i], check());
      handle(paths[0], check());
    }
    assertThat(agent.hasPath(PATH)).as("selected").isTrue();
    assertThat(agent.hasPath(paths[0])).as("checked again and again").isTrue();
    assertThat(agent.hasPath(paths[1])).isFalse();
    assertThat(agent.hasPath(paths[19])).isTrue();
    assertThat(events).filteredOn(event -> event.startsWith("removed"))
        .containsExactly("removed 1001", "removed 1002", "removed 1003", "removed 1004", "removed 1005");
    assertThat(agent.selectedPath()).isSameAs(PATH);
  }

  @Test
  void createsCredentialsThatDiffer() {
    Random random = new Random(8_445);
    Set<Long> keys = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      IceCredentials credentials = IceCredentials.create(random);
      assertThat(credentials.ufrag()).matches("[A-Za-z0-9+/]{8}");
      assertThat(credentials.pwd()).matches("[A-Za-z0-9+/]{32}");
      assertThat(credentials.toString()).doesNotContain(credentials.pwd());
      keys.add(credentials.ufragKey());
    }
    assertThat(keys).hasSize(1_000);
  }

  private static byte[] check() {
    return TestStun.check(USERNAME).integrity(LOCAL.pwd()).bytes();
  }

  private static byte[] nomination() {
    return TestStun.check(USERNAME).useCandidate().integrity(LOCAL.pwd()).bytes();
  }

  private byte[] handle(Path path, byte[] request) {
    return handle(START, path, request);
  }

  private byte[] handle(long nowNanos, Path path, byte[] request) {
    MemorySegment out = MemorySegment.ofArray(new byte[7 + IceLiteAgent.MAX_RESPONSE_BYTES]);
    int length = agent.handleRequest(
        nowNanos, path, TestStun.at(5, request), 5, request.length, out, 7, IceLiteAgent.MAX_RESPONSE_BYTES);
    return out.asSlice(7, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** ice4j checks FINGERPRINT while it decodes. */
  private static Message decoded(byte[] response) throws Exception {
    Message message = Message.decode(response, 0, response.length);
    assertThat(message.getAttribute(Attribute.FINGERPRINT)).isNotNull();
    return message;
  }

  private static Message assertError(byte[] response, int code) throws Exception {
    Message message = decoded(response);
    assertThat(message.getMessageType()).isEqualTo(Message.BINDING_ERROR_RESPONSE);
    assertThat((int) ((ErrorCodeAttribute) message.getAttribute(Attribute.ERROR_CODE)).getErrorCode()).isEqualTo(code);
    return message;
  }

  private static void assertSigned(byte[] response, Message message, IceCredentials by) {
    MessageIntegrityAttribute integrity =
        (MessageIntegrityAttribute) message.getAttribute(Attribute.MESSAGE_INTEGRITY);
    byte[] covered = Arrays.copyOf(response, integrity.getLocationInMessage());
    covered[3] = (byte) (covered.length + 24 - 20);
    assertThat(MessageIntegrityAttribute.calculateHmacSha1(
        covered, 0, covered.length, by.pwd().getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(integrity.getHmacSha1Content());
  }

  private void assertNothingChanged(int refused) {
    assertThat(events).isEmpty();
    assertThat(agent.hasSelectedPath()).isFalse();
    assertThat(agent.passedChecks()).isZero();
    assertThat(agent.refusedChecks()).isEqualTo(refused);
    assertThat(agent.nextTimeoutNanos()).isEqualTo(START + 30 * SECOND + 1);
  }
}
