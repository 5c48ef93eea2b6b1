package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimMember.SENDER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What members say of themselves and their tracks, and change later. */
class MetadataTest {
  private static final long SECONDS = 1_000_000_000L;

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void changesAreToldToEverybodyAndKeptForWhoComesLater(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      String room = sim.rooms.getFirst();
      SimMember ann = member(sim, room, "ann");
      SimMember bob = member(sim, room, "bob");
      ann.join();
      bob.join();
      sim.network.run(2 * SECONDS);
      int unattached = ann.ask(track("x"));
      ann.ask(sender(Request.Sender.newBuilder().setAttach(Request.Sender.Attach.getDefaultInstance())));
      ann.ask(track("my voice"));
      int peer = ann.ask(session("hand raised"));
      int tooLong = ann.ask(session("x".repeat(Join.MAX_METADATA_CHARS + 1)));
      sim.network.run(2 * SECONDS);

      assertThat(ann.answer(unattached).getError().getMessage()).isEqualTo("RpcTrackNotAttached");
      assertThat(ann.answer(peer).getSession().hasDescribe()).isTrue();
      assertThat(ann.answer(tooLong).getError().getMessage()).isEqualTo("RpcInvalidRequest");
      assertThat(rooms(bob)).filteredOn(ServerEvent.Room::hasPeerUpdated).singleElement()
          .satisfies(event -> assertThat(event.getPeerUpdated().getMetadata()).isEqualTo("hand raised"));
      assertThat(rooms(bob)).filteredOn(ServerEvent.Room::hasTrackUpdated).singleElement()
          .satisfies(event -> assertThat(event.getTrackUpdated().getMetadata()).isEqualTo("my voice"));

      SimMember carol = member(sim, room, "carol");
      carol.join();
      sim.network.run(2 * SECONDS);
      assertThat(rooms(carol)).filteredOn(event -> event.getPeerJoined().getPeer().equals("ann")).singleElement()
          .satisfies(event -> assertThat(event.getPeerJoined().getMetadata()).isEqualTo("hand raised"));
      assertThat(rooms(carol)).filteredOn(ServerEvent.Room::hasTrackStarted).singleElement()
          .satisfies(event -> assertThat(event.getTrackStarted().getMetadata()).isEqualTo("my voice"));
    });
  }

  private static SimMember member(Sim sim, String room, String peer) {
    return new SimMember(sim, room, peer, 0, 0, Config.getDefaultInstance());
  }

  private static List<ServerEvent.Room> rooms(SimMember member) {
    return member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasRoom).map(ServerEvent::getRoom)
        .toList();
  }

  private static Request.Builder sender(Request.Sender.Builder request) {
    return Request.newBuilder().setSender(request.setName(SENDER));
  }

  private static Request.Builder session(String metadata) {
    return Request.newBuilder().setSession(Request.Session.newBuilder()
        .setDescribe(Request.Session.Describe.newBuilder().setMetadata(metadata)));
  }

  private static Request.Builder track(String metadata) {
    return sender(Request.Sender.newBuilder().setDescribe(Request.Sender.Describe.newBuilder().setMetadata(metadata)));
  }
}
