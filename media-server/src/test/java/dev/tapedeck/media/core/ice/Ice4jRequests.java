package dev.tapedeck.media.core.ice;

import java.nio.charset.StandardCharsets;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.attribute.MessageIntegrityAttribute;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.security.CredentialsAuthority;
import org.ice4j.stack.StunStack;

/** Checks as ice4j encodes them; its stack only lends the password, it opens no socket. */
final class Ice4jRequests {
  private Ice4jRequests() {}

  static byte[] check(String username, String password, boolean isNomination) throws Exception {
    StunStack stack = new StunStack();
    stack.getCredentialsManager().registerAuthority(new CredentialsAuthority() {
      @Override
      public byte[] getLocalKey(String name) {
        return null;
      }

      @Override
      public byte[] getRemoteKey(String name, String media) {
        return password.getBytes(StandardCharsets.US_ASCII);
      }

      @Override
      public boolean checkLocalUserName(String name) {
        return false;
      }
    });
    Request request = MessageFactory.createBindingRequest(0x6e0001ffL, true, 42);
    if (isNomination) {
      request.putAttribute(AttributeFactory.createUseCandidateAttribute());
    }
    request.putAttribute(AttributeFactory.createUsernameAttribute(username));
    MessageIntegrityAttribute integrity = AttributeFactory.createMessageIntegrityAttribute(username);
    integrity.setMedia("media");
    request.putAttribute(integrity);
    request.putAttribute(AttributeFactory.createFingerprintAttribute());
    request.setTransactionID(TestStun.TRANSACTION);
    return request.encode(stack);
  }
}
