// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;

/** Any object as a tree, to be written on at once. */
final class TreeCodec implements Codec<JsonObject> {
  @Override
  public SlimObject<JsonObject> decode(TolerantReader in) throws IOException {
    if (!(in.tree() instanceof JsonObject object)) {
      throw new MalformedAnswerException("an item that is not an object");
    }
    return new SlimObject<>(new V1ObjectMeta(), object);
  }
}
