package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.net.RoomHomes;
import dev.tapedeck.media.io.net.WorkerGroup;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.KickPeer;
import dev.tapedeck.protocol.wire.RevokedToken;
import dev.tapedeck.protocol.wire.RevokedTokens;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;

/** Carries out what the connector orders, on the worker of the room it is about. */
public final class WorkerCommands implements CommandListener {
  private final WorkerGroup workers;
  private final NodeRevocations revocations;
  private final IntConsumer drain;

  /** @param drain begins to drain for so many seconds, 0 for the usual time; returns at once */
  public WorkerCommands(WorkerGroup workers, NodeRevocations revocations, IntConsumer drain) {
    this.workers = workers;
    this.revocations = revocations;
    this.drain = drain;
  }

  @Override
  public void revoked(RevokedTokens tokens) {
    if (revocations.learn(tokens)) {
      Thread.ofVirtual().name("revoked").start(() -> {
        revocations.save();
        endRevoked();
      });
    }
  }

  /** Whoever came by a revoked token, on any worker, goes. */
  private void endRevoked() {
    for (int worker = 0; worker < workers.units().size(); worker++) {
      workers.ask(worker, WorkerCommand.EndRevoked::new);
    }
  }

  @Override
  public CommandResult handle(Command command) {
    return switch (command.getCommandCase()) {
      case START_RECORDING -> ask(command.getStartRecording().getApp(), command.getStartRecording().getRoom(),
          request -> new WorkerCommand.StartRecording(
              request, command.getStartRecording().getApp(), command.getStartRecording().getRoom(),
              command.getStartRecording().getPolicy()));
      case STOP_RECORDING -> ask(command.getStopRecording().getApp(), command.getStopRecording().getRoom(),
          request -> new WorkerCommand.StopRecording(
              request, command.getStopRecording().getApp(), command.getStopRecording().getRoom()));
      case PAUSE_RECORDING -> ask(command.getPauseRecording().getApp(), command.getPauseRecording().getRoom(),
          request -> new WorkerCommand.PauseRecording(request, command.getPauseRecording().getApp(),
              command.getPauseRecording().getRoom(), command.getPauseRecording().getPaused()));
      case MUTE_TRACK -> ask(command.getMuteTrack().getApp(), command.getMuteTrack().getRoom(),
          request -> new WorkerCommand.MuteTrack(request, command.getMuteTrack().getApp(),
              command.getMuteTrack().getRoom(), command.getMuteTrack().getPeer(), command.getMuteTrack().getTrack(),
              command.getMuteTrack().getMuted()));
      case KICK_PEER -> {
        KickPeer kick = command.getKickPeer();
        CommandResult result = ask(kick.getApp(), kick.getRoom(), request ->
            new WorkerCommand.KickPeer(request, kick.getApp(), kick.getRoom(), kick.getPeer(), kick.getReason()));
        revocations.save(); // before the answer, which says that the tokens are revoked: the worker noted them in memory
        Thread.ofVirtual().name("revoked").start(this::endRevoked);
        yield result;
      }
      case CLOSE_ROOM -> ask(command.getCloseRoom().getApp(), command.getCloseRoom().getRoom(),
          request -> new WorkerCommand.CloseRoom(
              request, command.getCloseRoom().getApp(), command.getCloseRoom().getRoom(),
              command.getCloseRoom().getReason()));
      case DRAIN -> {
        drain.accept(command.getDrain().getSeconds());
        yield CommandResult.getDefaultInstance();
      }
      case COMMAND_NOT_SET -> CommandResult.newBuilder()
          .setError("this media server does not know the command; is the connector newer?").build();
    };
  }

  private CommandResult ask(String app, String room, LongFunction<WorkerCommand> command) {
    WorkerEvent.Answer answer;
    try (RoomHomes.Home home = workers.home(app, room)) {
      answer = workers.ask(home.worker(), command);
    }
    CommandResult.Builder result =
        CommandResult.newBuilder().setError(answer.error()).setRecording(answer.recording())
            .setNotFound(answer.outcome() == WorkerEvent.Outcome.NOT_FOUND);
    answer.tokens().forEach(token -> result.addRevoked(
        RevokedToken.newBuilder().setHash(token.hash()).setExpiresMs(token.expiresAtMillis())));
    return result.build();
  }
}
