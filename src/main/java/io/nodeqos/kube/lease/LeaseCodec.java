// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.lease;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.MalformedJsonException;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.nodeqos.election.LeaseState;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.MicroTime;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Reads and writes Leases. A Lease is small, so it is read whole and kept: an update replaces the
 * object, and labels, owners and fields of a newer API are not ours to lose.
 */
final class LeaseCodec implements Codec<LeaseState> {
  @Override
  public SlimObject<LeaseState> decode(TolerantReader in) throws IOException {
    if (!(in.tree() instanceof JsonObject lease)) {
      throw new MalformedJsonException("expected a Lease");
    }
    JsonObject metadata = child(lease, "metadata");
    String version = text(metadata, "resourceVersion");
    if (version == null) {
      throw new MalformedJsonException("a Lease without a resourceVersion");
    }
    // Left out of an update, the server keeps its own; most of the bytes are here.
    metadata.remove("managedFields");
    V1ObjectMeta meta = new V1ObjectMeta().name(text(metadata, "name")).resourceVersion(version);
    LeaseState state = new LeaseState(version, spec(child(lease, "spec")), lease.toString());
    return new SlimObject<>(meta, state);
  }

  private static LeaseState.Spec spec(JsonObject spec) {
    Long seconds = number(spec, "leaseDurationSeconds");
    Long transitions = number(spec, "leaseTransitions");
    return new LeaseState.Spec(
        text(spec, "holderIdentity"),
        seconds == null ? null : Duration.ofSeconds(seconds),
        time(spec, "acquireTime"),
        time(spec, "renewTime"),
        transitions == null ? 0 : transitions);
  }

  /** The body of a create or an update. */
  static String encode(LeaseState state, String namespace, String name) {
    JsonObject lease =
        state.document() == null
            ? new JsonObject()
            : JsonParser.parseString(state.document()).getAsJsonObject();
    lease.addProperty("apiVersion", "coordination.k8s.io/v1");
    lease.addProperty("kind", "Lease");
    JsonObject metadata = child(lease, "metadata");
    metadata.addProperty("namespace", namespace);
    metadata.addProperty("name", name);
    put(metadata, "resourceVersion", state.resourceVersion());
    lease.add("metadata", metadata);

    JsonObject spec = child(lease, "spec");
    LeaseState.Spec wanted = state.spec();
    put(spec, "holderIdentity", wanted.holder());
    put(spec, "acquireTime", wanted.acquireTime());
    put(spec, "renewTime", wanted.renewTime());
    if (wanted.leaseDuration() == null) {
      spec.remove("leaseDurationSeconds");
    } else {
      spec.addProperty("leaseDurationSeconds", wanted.leaseDuration().toSeconds());
    }
    spec.addProperty("leaseTransitions", wanted.transitions());
    lease.add("spec", spec);
    return lease.toString();
  }

  private static void put(JsonObject object, String field, Instant time) {
    put(object, field, time == null ? null : MicroTime.format(time));
  }

  private static void put(JsonObject object, String field, String value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.addProperty(field, value);
    }
  }

  /** The object in a field, a fresh empty one when there is none. */
  private static JsonObject child(JsonObject object, String field) {
    return object.get(field) instanceof JsonObject child ? child : new JsonObject();
  }

  private static String text(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value instanceof JsonPrimitive p && p.isString() && !p.getAsString().isEmpty()
        ? p.getAsString()
        : null;
  }

  private static Long number(JsonObject object, String field) {
    try {
      return object.get(field) instanceof JsonPrimitive p && p.isNumber()
          ? Long.valueOf(p.getAsString())
          : null;
    } catch (NumberFormatException notWhole) {
      return null;
    }
  }

  private static Instant time(JsonObject object, String field) {
    String text = text(object, field);
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notATime) {
      return null;
    }
  }
}
