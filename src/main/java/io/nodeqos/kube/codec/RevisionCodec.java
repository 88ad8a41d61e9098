// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.Completion;
import io.nodeqos.policy.PolicyRevision;
import java.io.IOException;

/**
 * ControllerRevision to {@link PolicyRevision}. In JSON only, as its data is JSON in any encoding.
 * Data in another form are not a spec: the revision is then not intact.
 */
public final class RevisionCodec implements Codec<PolicyRevision> {
  @Override
  public SlimObject<PolicyRevision> decode(TolerantReader in) throws IOException {
    MetaDraft meta = new MetaDraft(in, key -> false);
    JsonObject[] data = {new JsonObject()};
    long[] revision = {0};
    in.requiredObject(
        "a ControllerRevision",
        field -> {
          switch (field) {
            case "metadata" -> meta.read();
            case "data" -> data[0] = objectOrEmpty(in.tree());
            case "revision" -> revision[0] = in.wholeNumber();
            default -> in.skip();
          }
        });
    return meta.with(
        new PolicyRevision(
            meta.name,
            meta.uid,
            meta.labels.getOrDefault(Keys.REVISION_OF, ""),
            meta.ownerUid,
            revision[0],
            objectOrEmpty(data[0].get("spec")),
            meta.createdAt,
            Completion.of(meta.labels.getOrDefault(Keys.COMPLETED, ""))));
  }

  private static JsonObject objectOrEmpty(JsonElement element) {
    return element != null && element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
  }
}
