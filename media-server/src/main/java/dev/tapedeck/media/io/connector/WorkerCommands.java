package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.net.RoomHomes;
import dev.tapedeck.media.io.net.WorkerGroup;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;

/** Carries out what the connector orders, on the worker of the room it is about. */
public final class WorkerCommands implements CommandListener {
  private final WorkerGroup workers;
  private final IntConsumer drain;

  /** @param drain begins to drain for so many seconds, 0 for the usual time; returns at once */
  public WorkerCommands(WorkerGroup workers, IntConsumer drain) {
    this.workers = workers;
    this.drain = drain;
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
      case KICK_PEER -> ask(command.getKickPeer().getApp(), command.getKickPeer().getRoom(),
          request -> new WorkerCommand.KickPeer(request, command.getKickPeer().getApp(),
              command.getKickPeer().getRoom(), command.getKickPeer().getPeer()));
      case CLOSE_ROOM -> ask(command.getCloseRoom().getApp(), command.getCloseRoom().getRoom(),
          request -> new WorkerCommand.CloseRoom(
              request, command.getCloseRoom().getApp(), command.getCloseRoom().getRoom()));
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
    return CommandResult.newBuilder().setError(answer.error()).setRecording(answer.recording()).build();
  }
}
