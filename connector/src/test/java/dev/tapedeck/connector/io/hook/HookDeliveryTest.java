package dev.tapedeck.connector.io.hook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tapedeck.connector.Await;
import dev.tapedeck.connector.Databases;
import dev.tapedeck.connector.core.hook.HookRetry;
import dev.tapedeck.connector.core.hook.HookSignature;
import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.connector.io.life.Feed;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.DeadLetterRows.DeadLetter;
import dev.tapedeck.connector.io.store.DeadLetterRows;
import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.outbound.OutboundPolicy;
import dev.tapedeck.protocol.wire.HookEvent;
import dev.tapedeck.protocol.wire.RoomEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F m, D-8: signed, tried again, in order per room, dead-lettered. Real rows, a real receiver, a clock moved by the test. */
class HookDeliveryTest {
  private static final Redacted SECRET = Redacted.of("wh-secret");
  private static final long HOUR = 3_600_000;

  /** @param room taken from the body, {@code peer} numbers the events of a room */
  private record Received(String room, String peer, Map<String, String> headers, byte[] body) {}

  @TempDir Path folder;
  private final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> statusOfRoom = new ConcurrentHashMap<>();
  private HttpServer receiver;

  @BeforeEach
  void startReceiver() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext("/", exchange -> {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HookEvent event = HookEvent.parseFrom(body);
      Map<String, String> headers = new ConcurrentHashMap<>();
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
      received.add(new Received(event.getRoom().getRoom(), event.getRoom().getPeerJoined().getPeer(), headers, body));
      exchange.sendResponseHeaders(statusOfRoom.getOrDefault(event.getRoom().getRoom(), 204), -1);
      exchange.close();
    });
    receiver.start();
  }

  @AfterEach
  void stopReceiver() {
    receiver.stop(0);
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheOrderOfEachRoomThroughFailures(Databases kind) throws Exception {
    try (Database database = kind.open(folder)) {
      HookDelivery delivery = delivery(database, url());
      statusOfRoom.put("broken", 500);
      for (int i = 0; i < 5; i++) {
        write(database, "acme", "broken", i);
        write(database, "acme", "fine", i);
      }
      drain(delivery);

      assertThat(peersOf("fine")).containsExactly("0", "1", "2", "3", "4");
      assertThat(peersOf("broken")).containsExactly("0");
      clock.addAndGet(2000);
      drain(delivery);
      assertThat(peersOf("broken")).containsExactly("0", "0");
      assertThat(received.getLast().headers().get("x-webhook-id"))
          .isEqualTo(received.stream().filter(r -> r.room().equals("broken")).findFirst().orElseThrow()
              .headers().get("x-webhook-id"));

      statusOfRoom.remove("broken");
      clock.addAndGet(HOUR);
      drain(delivery);

      assertThat(peersOf("broken")).containsExactly("0", "0", "0", "1", "2", "3", "4");
      assertThat(count(database, "pending")).isZero();
      delivery.close();
    }
  }

  @Test
  void givesUpAfterADayAndMovesOn() throws Exception {
    try (Database database = Databases.SQLITE.open(folder)) {
      HookDelivery delivery = delivery(database, url());
      statusOfRoom.put("r", 503);
      write(database, "acme", "r", 0);
      drain(delivery);
      clock.addAndGet(HookRetry.GIVE_UP_AFTER_MILLIS - 1);
      drain(delivery);
      assertThat(count(database, "dead")).isZero();
      write(database, "acme", "r", 1);
      clock.addAndGet(HOUR);
      drain(delivery);

      assertThat(peersOf("r")).containsExactly("0", "0", "0", "1");
      assertThat(count(database, "dead")).isEqualTo(1);
      statusOfRoom.remove("r");
      clock.addAndGet(HOUR);
      drain(delivery);
      assertThat(peersOf("r")).endsWith("1");
      assertThat(count(database, "pending")).isZero();
      delivery.close();
    }
  }

  /** A lane that stood still is not blocked by the letter, and gets it when somebody sends it again. */
  @ParameterizedTest
  @EnumSource
  void sendsADeadLetterAgainWhenAsked(Databases kind) throws Exception {
    try (Database database = kind.open(folder)) {
      HookDelivery delivery = delivery(database, url());
      statusOfRoom.put("r", 410);
      write(database, "acme", "r", 0);
      drain(delivery);
      statusOfRoom.remove("r");
      write(database, "acme", "r", 1);
      drain(delivery);
      assertThat(peersOf("r")).containsExactly("0", "1");

      DeadLetter letter =
          database.<List<DeadLetter>, RuntimeException>read(
              handle -> DeadLetterRows.page(handle, "acme", Optional.empty(), 10, 0)).getFirst();
      assertThat(letter.error()).isEqualTo("status 410");
      assertThat(letter.deadMs()).hasValue(clock.get());
      database.run(handle -> DeadLetterRows.retry(handle, letter.hook(), letter.event(), clock.get()));
      drain(delivery);

      assertThat(peersOf("r")).containsExactly("0", "1", "0");
      assertThat(received.getLast().headers()).containsEntry("x-webhook-id", Long.toString(letter.event()));
      assertThat(count(database, "dead")).isZero();
      assertThat(count(database, "pending")).isZero();
      delivery.close();
    }
  }

  @Test
  void givesUpAtOnceWhenTheReceiverIsGone() throws Exception {
    try (Database database = Databases.SQLITE.open(folder)) {
      HookDelivery delivery = delivery(database, url());
      statusOfRoom.put("r", 410);
      write(database, "acme", "r", 0);
      drain(delivery);

      assertThat(count(database, "dead")).isEqualTo(1);
      assertThat(received).hasSize(1);
      delivery.close();
    }
  }

  @Test
  void followsNoRedirectAndOpensNothingInside() throws Exception {
    try (Database database = Databases.SQLITE.open(folder)) {
      statusOfRoom.put("r", 302);
      HookDelivery open = delivery(database, url());
      HookDelivery closed = new HookDelivery(database, hooks(url()), OutboundPolicy.of(Set.of("http"), List.of()),
          clock::get, new SplittableRandom(1));
      write(database, "acme", "r", 0);
      drain(closed);
      assertThat(received).isEmpty();
      clock.addAndGet(2000);
      drain(open);

      assertThat(received).hasSize(1);
      assertThat(count(database, "pending")).isEqualTo(1);
      open.close();
      closed.close();
    }
  }

  @Test
  void signsTheExactBodyAndSendsOnlyWhatWasAskedFor() throws Exception {
    try (Database database = Databases.SQLITE.open(folder)) {
      HookDelivery delivery = delivery(database, url());
      write(database, "other", "r", 0);
      write(database, "acme", "r", 1);
      database.run(handle -> new Feed(hooks(url()), 30).append(handle, "acme", "r", HookEvent.newBuilder()
          .setRoom(RoomEvent.newBuilder().setApp("acme").setRoom("r").setStopped(RoomEvent.Stopped.getDefaultInstance()))
          .build(), clock.get()));
      drain(delivery);

      assertThat(received).singleElement().satisfies(one -> {
        assertThat(one.peer()).isEqualTo("1");
        String timestamp = one.headers().get("x-webhook-timestamp");
        assertThat(timestamp).isEqualTo(Long.toString(clock.get() / 1000));
        assertThat(one.headers()).containsEntry("x-webhook-signature", HookSignature.ofBody(SECRET, one.body()))
            .containsEntry("x-webhook-signature-v2",
                HookSignature.ofTimestampAndBody(SECRET, timestamp, one.body()))
            .containsEntry("content-type", "application/x-protobuf");
      });
      delivery.close();
    }
  }

  private HookDelivery delivery(Database database, String url) {
    return new HookDelivery(database, hooks(url), OutboundPolicy.of(Set.of("http"), List.of("127.0.0.1", "::1")),
        clock::get, new SplittableRandom(1));
  }

  private static Hooks hooks(String url) {
    return new Hooks(List.of(new Hook("acme", "main", Redacted.of(url), SECRET, HookStyle.BINARY,
        List.of("room.peer_joined"))));
  }

  private String url() {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook?k=v";
  }

  private void write(Database database, String app, String room, int number) {
    HookEvent event = HookEvent.newBuilder().setRoom(RoomEvent.newBuilder().setApp(app).setRoom(room)
        .setPeerJoined(RoomEvent.PeerJoined.newBuilder().setPeer(Integer.toString(number)))).build();
    database.run(handle -> new Feed(hooks(url()), 30).append(handle, app, room, event, clock.get()));
  }

  /** Ticks until nothing is due any more at this time. */
  private void drain(HookDelivery delivery) throws Exception {
    Await.until("nothing is due", () -> {
      delivery.tick();
      Await.until("attempts end", () -> delivery.attemptsUnderWay() == 0);
      return delivery.due().isEmpty();
    });
  }

  private List<String> peersOf(String room) {
    return received.stream().filter(one -> one.room().equals(room)).map(Received::peer).toList();
  }

  private static long count(Database database, String state) {
    return database.read(handle -> FeedRows.count(handle, state));
  }
}
