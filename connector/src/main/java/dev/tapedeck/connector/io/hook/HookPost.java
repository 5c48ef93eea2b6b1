package dev.tapedeck.connector.io.hook;

import dev.tapedeck.protocol.outbound.OutboundPolicy;
import dev.tapedeck.protocol.outbound.OutboundRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends one POST (RFC 9112) to the very address that the policy approved. The JDK's clients resolve a name again when they
 * connect, so a name that changes its address in between could lead them inside; this one cannot be led. It follows no
 * redirect and reads no more than the status line.
 */
final class HookPost {
  private static final int MAX_STATUS_LINE_BYTES = 1024;

  private final OutboundPolicy policy;
  private final Duration timeout;
  private final Timer deadlines = new Timer("hook-deadlines", true);

  /** @param timeout for everything: connecting, sending, and the answer's first line */
  HookPost(OutboundPolicy policy, Duration timeout) {
    this.policy = policy;
    this.timeout = timeout;
  }

  /**
   * @return the status, 100 to 599
   * @throws OutboundRefusedException when the policy does not open the URL
   * @throws IOException              when there was no answer in time
   */
  int send(String url, Map<String, String> headers, byte[] body) throws IOException, OutboundRefusedException {
    OutboundPolicy.Target target = policy.check(url, host -> List.of(InetAddress.getAllByName(host)));
    try (Socket socket = new Socket()) {
      TimerTask deadline = closeAtDeadline(socket);
      try {
        socket.connect(new InetSocketAddress(target.address(), target.port()), (int) timeout.toMillis());
        socket.setSoTimeout((int) timeout.toMillis());
        return exchange(secured(socket, target), target, headers, body);
      } catch (SocketException e) {
        throw deadline.cancel() ? e : new IOException("no answer within " + timeout.toMillis() + " ms", e);
      } finally {
        deadline.cancel();
      }
    }
  }

  /** A receiver that sends a byte now and then would keep a read time-out from ever firing. */
  private TimerTask closeAtDeadline(Socket socket) {
    TimerTask task = new TimerTask() {
      @Override
      public void run() {
        try {
          socket.close();
        } catch (IOException e) {
          // It is closed, or as good as.
        }
      }
    };
    deadlines.schedule(task, timeout.toMillis());
    return task;
  }

  private static Socket secured(Socket socket, OutboundPolicy.Target target) throws IOException {
    if (!target.uri().getScheme().equalsIgnoreCase("https")) {
      return socket;
    }
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secure = (SSLSocket) factory.createSocket(socket, target.uri().getHost(), target.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static int exchange(Socket socket, OutboundPolicy.Target target, Map<String, String> headers, byte[] body)
      throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(head(target.uri(), headers, body.length).getBytes(StandardCharsets.UTF_8));
    out.write(body);
    out.flush();
    return status(socket.getInputStream());
  }

  private static String head(URI uri, Map<String, String> headers, int bodyBytes) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    StringBuilder head = new StringBuilder()
        .append("POST ").append(path).append(query).append(" HTTP/1.1\r\n")
        .append("host: ").append(uri.getHost()).append(port).append("\r\n")
        .append("connection: close\r\n")
        .append("content-length: ").append(bodyBytes).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  private static int status(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
      if (line.size() > MAX_STATUS_LINE_BYTES) {
        throw new IOException("the answer is not HTTP");
      }
    }
    String text = line.toString(StandardCharsets.ISO_8859_1).strip();
    if (!text.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new IOException(text.isEmpty() ? "the connection ended without an answer" : "the answer is not HTTP");
    }
    return Integer.parseInt(text.substring(9, 12));
  }
}
