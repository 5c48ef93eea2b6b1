package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.worker.Colleagues;
import dev.tapedeck.media.core.worker.WorkerCommand;
import java.util.concurrent.atomic.AtomicReference;

/** The workers of a group as one of them sees them; used by its thread. */
final class GroupColleagues implements Colleagues {
  private final int worker;
  private final AtomicReference<WorkerGroup> group;

  /** @param group set before the first worker runs */
  GroupColleagues(int worker, AtomicReference<WorkerGroup> group) {
    this.worker = worker;
    this.group = group;
  }

  @Override
  public int here() {
    return worker;
  }

  @Override
  public int hold(String app, String room) {
    return group.get().homes().hold(worker, app, room);
  }

  @Override
  public boolean claim(String app, String room) {
    return group.get().homes().claim(worker, app, room);
  }

  @Override
  public void release(String app, String room) {
    group.get().homes().release(app, room);
  }

  @Override
  public void tell(int other, WorkerCommand command) {
    group.get().units().get(other).loop().submit(command);
  }

  @Override
  public boolean passOn(
      int other, long arrivalNanos, int socket, long high, long low, int port, long offset, int length) {
    return group.get().units().get(other).loop().passOn(group.get().units().get(worker).transport().sink().memory(),
        arrivalNanos, socket, high, low, port, offset, length);
  }
}
