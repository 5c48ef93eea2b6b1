package dev.tapedeck.media.io.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoomHomesTest {
  private final RoomHomes homes = new RoomHomes(2, 3);

  @Test
  void aRoomThatNeverBeganLeavesNothingBehind() {
    homes.hold("app", "a").close();
    assertThat(homes.size()).isZero();
    try (RoomHomes.Home home = homes.hold("app", "a")) {
      assertThat(home.worker()).as("the worker is free again").isZero();
    }
  }

  @Test
  void aRoomStaysWhereItIsUntilItIsGone() {
    try (RoomHomes.Home home = homes.hold("app", "a")) {
      homes.made(home.worker(), "app", "a");
    }
    try (RoomHomes.Home other = homes.hold("app", "b"); RoomHomes.Home same = homes.hold("app", "a")) {
      assertThat(other.worker()).isEqualTo(1);
      assertThat(same.worker()).isZero();
    }
    homes.gone("app", "a");
    assertThat(homes.size()).isZero();
  }

  /** A join that comes while the room ends must not meet the next join on another worker. */
  @Test
  void aRoomThatEndsWhileSomebodyJoinsKeepsItsWorker() {
    RoomHomes.Home first = homes.hold("app", "a");
    homes.made(first.worker(), "app", "a");
    first.close();
    RoomHomes.Home joining = homes.hold("app", "a");
    homes.gone("app", "a");
    try (RoomHomes.Home other = homes.hold("app", "b"); RoomHomes.Home second = homes.hold("app", "a")) {
      assertThat(other.worker()).isEqualTo(1);
      assertThat(second.worker()).isEqualTo(joining.worker());
    }
    homes.made(joining.worker(), "app", "a");
    joining.close();
    joining.close();
    assertThat(homes.size()).isEqualTo(1);
  }

  /** A guest is on its way to a room that ends meanwhile; no third worker may begin it. */
  @Test
  void aRoomThatEndsWhileAGuestIsOnItsWayKeepsItsWorker() {
    homes.made(1, "app", "a");
    assertThat(homes.hold(0, "app", "a")).isEqualTo(1);
    homes.gone("app", "a");
    assertThat(homes.hold(0, "app", "a")).isEqualTo(1);
    homes.release("app", "a");
    homes.made(1, "app", "a");
    homes.release("app", "a");
    homes.gone("app", "a");
    assertThat(homes.size()).isZero();
  }

  @Test
  void aRoomThatIsNowhereBeginsWhereItIsAskedFor() {
    assertThat(homes.hold(1, "app", "a")).isEqualTo(1);
    homes.release("app", "a");
    assertThat(homes.hold(0, "app", "a")).as("it never began").isZero();
    homes.release("app", "a");
    assertThat(homes.size()).isZero();
  }

  @Test
  void aRoomThatBeganAfterAllHadGivenUpWaitingIsKnown() {
    homes.made(1, "app", "a");
    try (RoomHomes.Home home = homes.hold("app", "a")) {
      assertThat(home.worker()).isEqualTo(1);
    }
    assertThat(homes.size()).isEqualTo(1);
  }

  @Test
  void aRoomMoreThanTheLimitGetsNoWorkerUntilAnotherHasGone() {
    List.of("a", "b", "c").forEach(room -> homes.made(0, "acme", room));

    assertThat(homes.enter("acme", "d")).isEmpty();
    assertThat(homes.enter("acme", "c")).isPresent();
    homes.gone("acme", "a");
    assertThat(homes.enter("acme", "d")).isPresent();
  }

  /** between the answer to a join and the room's beginning nobody else gets its place. */
  @Test
  void manyWhoClaimAtOnceGetNoMoreThanTheLimit() throws Exception {
    List<String> granted = claimAtOnce(200);
    assertThat(granted).hasSize(3);
    assertThat(homes.size()).isEqualTo(3);
    assertThat(homes.enter("acme", "by HTTP")).isEmpty();

    granted.forEach(room -> homes.release("acme", room));
    assertThat(homes.size()).as("none of them began").isZero();
    assertThat(claimAtOnce(200)).hasSize(3);
  }

  private List<String> claimAtOnce(int rooms) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Optional<String>>> claims = IntStream.range(0, rooms).<Callable<Optional<String>>>mapToObj(
          room -> () -> homes.claim(room % 2, "acme", "r" + room) ? Optional.of("r" + room) : Optional.empty()).toList();
      List<String> granted = new ArrayList<>();
      for (Future<Optional<String>> claim : threads.invokeAll(claims)) {
        claim.get().ifPresent(granted::add);
      }
      return granted;
    }
  }

  @Test
  void aClaimOfARoomThatIsThereIsAlwaysGrantedAndKeepsItsWorker() {
    List.of("a", "b", "c").forEach(room -> homes.made(1, "acme", room));
    assertThat(homes.claim(0, "acme", "a")).isTrue();
    homes.gone("acme", "a");
    assertThat(homes.claim(0, "acme", "d")).as("the place is still held").isFalse();
    assertThat(homes.hold(0, "acme", "a")).isEqualTo(1);
    homes.release("acme", "a");
    homes.release("acme", "a");
    assertThat(homes.claim(0, "acme", "d")).isTrue();
  }
}
