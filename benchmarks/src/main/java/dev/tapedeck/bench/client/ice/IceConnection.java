package dev.tapedeck.bench.client.ice;

import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.DatagramHandler;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.net.UdpPort;
import java.beans.PropertyChangeEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.Component;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RemoteCandidate;
import org.ice4j.ice.harvest.AbstractCandidateHarvester;

/**
 * A full ICE agent (RFC 8445, by ice4j) with one stream and one component, on sockets of a {@link ClientLoop}.
 *
 * <p>STUN goes to ice4j; every other datagram goes to the handler given, on the loop thread. An ICE restart is a new
 * connection with new credentials and new sockets (RFC 8445 §9).
 */
public final class IceConnection implements AutoCloseable {
  private final Agent agent;
  private final IceMediaStream stream;
  private final Component component;
  private final List<StunSocket> sockets = new ArrayList<>();
  private final CompletableFuture<IcePath> path = new CompletableFuture<>();

  /**
   * Opens one socket per address.
   *
   * @param controlling true for an offerer, and always against an ICE-lite server
   * @throws IOException if no socket can be bound
   */
  public IceConnection(ClientLoop loop, List<InetAddress> localAddresses, boolean controlling,
      DatagramHandler nonStunHandler, Impairment inbound, Impairment outbound) throws IOException {
    Ice4jSettings.apply();
    agent = new Agent();
    agent.setControlling(controlling);
    agent.setUseDynamicPorts(false);
    agent.setPerformConsentFreshness(true);
    for (InetAddress address : localAddresses) {
      sockets.add(openSocket(loop, address, nonStunHandler, inbound, outbound));
    }
    agent.addCandidateHarvester(new GivenSockets());
    agent.addStateChangeListener(this::onStateChange);
    stream = agent.createMediaStream("media");
    component = agent.createComponent(stream, KeepAliveStrategy.SELECTED_ONLY, false);
  }

  private static StunSocket openSocket(ClientLoop loop, InetAddress address, DatagramHandler nonStunHandler,
      Impairment inbound, Impairment outbound) throws IOException {
    CompletableFuture<StunSocket> self = new CompletableFuture<>();
    UdpPort port = loop.open(address, (from, remote, data, length, nowNanos) -> {
      if ((data[0] & 0xff) <= 3) {
        self.join().handIn(data, length, remote);
      } else {
        nonStunHandler.onDatagram(from, remote, data, length, nowNanos);
      }
    }, inbound, outbound);
    StunSocket socket = new StunSocket(port);
    self.complete(socket);
    return socket;
  }

  public IceParameters localParameters() {
    List<IceCandidate> candidates = component.getLocalCandidates().stream()
        .map(candidate -> new IceCandidate(candidate.getFoundation(), component.getComponentID(),
            candidate.getPriority(), candidate.getTransportAddress().getHostAddress(),
            candidate.getTransportAddress().getPort(), candidate.getType().toString()))
        .toList();
    return new IceParameters(agent.getLocalUfrag(), agent.getLocalPassword(), candidates);
  }

  /** Starts connectivity checks towards the other side. */
  public void start(IceParameters remote) {
    stream.setRemoteUfrag(remote.ufrag());
    stream.setRemotePassword(remote.password());
    for (IceCandidate candidate : remote.candidates()) {
      if (candidate.component() == Component.RTP) {
        component.addRemoteCandidate(toRemoteCandidate(candidate));
      }
    }
    agent.startConnectivityEstablishment();
  }

  private RemoteCandidate toRemoteCandidate(IceCandidate candidate) {
    TransportAddress address =
        new TransportAddress(InetAddress.ofLiteral(candidate.address()), candidate.port(), Transport.UDP);
    return new RemoteCandidate(address, component, CandidateType.parse(candidate.type()), candidate.foundation(),
        candidate.priority(), null);
  }

  /**
   * Waits until a pair is nominated.
   *
   * @throws IOException if every check failed or the time is over
   */
  public IcePath awaitPath(Duration timeout) throws IOException {
    try {
      return path.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no ICE pair nominated within " + timeout + "; agent is " + agent.getState(), e);
    } catch (ExecutionException e) {
      throw new IOException("ICE failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for ICE", e);
    }
  }

  private void onStateChange(PropertyChangeEvent event) {
    if (event.getNewValue() == IceProcessingState.FAILED) {
      path.completeExceptionally(new IOException("no candidate pair answered; remote candidates "
          + component.getRemoteCandidates().stream().map(c -> c.getTransportAddress().toString()).toList()));
      return;
    }
    if (((IceProcessingState) event.getNewValue()).isEstablished()) {
      CandidatePair pair = component.getSelectedPair();
      if (pair != null) {
        path.complete(new IcePath(portOf(pair.getLocalCandidate()), pair.getRemoteCandidate().getTransportAddress()));
      }
    }
  }

  /** A peer-reflexive candidate sends from the socket of its base (RFC 8445 §4). */
  private UdpPort portOf(LocalCandidate candidate) {
    InetSocketAddress base = candidate.getBase().getTransportAddress();
    return sockets.stream()
        .map(StunSocket::port)
        .filter(port -> port.localAddress().getPort() == base.getPort())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nominated " + base + ", which is none of our sockets"));
  }

  @Override
  public void close() {
    agent.free();
    sockets.forEach(StunSocket::close);
  }

  /** Offers the sockets opened above as host candidates, in place of ice4j's own. */
  private final class GivenSockets extends AbstractCandidateHarvester {
    @Override
    public boolean isHostHarvester() {
      return true;
    }

    @Override
    public Collection<LocalCandidate> harvest(Component forComponent) {
      List<LocalCandidate> candidates = new ArrayList<>();
      for (StunSocket socket : sockets) {
        HostCandidate candidate = new HostCandidate(socket, forComponent);
        forComponent.addLocalCandidate(candidate);
        forComponent.getParentStream().getParentAgent().getStunStack().addSocket(socket);
        candidates.add(candidate);
      }
      return candidates;
    }
  }
}
