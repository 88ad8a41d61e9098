// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.spec.Section;
import java.time.Instant;
import java.util.TreeMap;

/**
 * A valid version of a policy, stored in a ControllerRevision (apps/v1): the whole {@code spec}, in
 * {@code data.spec}, with the policy's generation as its {@code revision}. Its name is computed
 * from both and from the policy's uid, so that two leaders create the same object for one version,
 * and the name reveals a change by another writer.
 *
 * @param name name of the ControllerRevision
 * @param uid uid of the ControllerRevision; empty while there is none
 * @param policy name of the policy, from the label {@link Keys#REVISION_OF}
 * @param policyUid uid of the owner that is its controller
 * @param generation generation of the policy
 * @param spec must not be changed; empty when it cannot be read
 * @param createdAt when it was stored; the epoch while it is not
 * @param completion from the label {@link Keys#COMPLETED}
 */
public record PolicyRevision(
    String name,
    String uid,
    String policy,
    String policyUid,
    long generation,
    JsonObject spec,
    Instant createdAt,
    Completion completion) {

  /**
   * The revision to store for a version in force. Without a rollout all nodes follow it at once.
   */
  public static PolicyRevision of(NodeQoSPolicy policy) {
    PolicyObject.Meta meta = policy.meta();
    return new PolicyRevision(
        name(meta.name(), meta.uid(), meta.generation(), policy.source()),
        "",
        meta.name(),
        meta.uid(),
        meta.generation(),
        policy.source(),
        Instant.EPOCH,
        policy.source().get("rollout") instanceof JsonObject
            ? Completion.PENDING
            : Completion.COMPLETED);
  }

  /** Ten hex digits that identify the sections of a spec; absent fields and nulls are the same. */
  public static String sectionsHash(JsonObject spec) {
    JsonObject sections = new JsonObject();
    for (Section section : Section.values()) {
      if (spec.has(section.field())) {
        sections.add(section.field(), spec.get(section.field()));
      }
    }
    return Sha256.shortHex(canonical(sections).toString());
  }

  /** Ten hex digits that identify the sections of this version. */
  public String revision() {
    return sectionsHash(spec);
  }

  private static String name(String policy, String policyUid, long generation, JsonObject spec) {
    String version = policyUid + "/" + generation + "/" + canonical(spec);
    return policy + "-" + Sha256.shortHex(version);
  }

  /** True for an unchanged revision of a controller. */
  public boolean isIntact() {
    return name.equals(intactName());
  }

  /** The name of a revision with this content. */
  public String intactName() {
    return name(policy, policyUid, generation, spec);
  }

  /** True when both have the same spec, independent of the generation. */
  public boolean saysWhat(PolicyRevision other) {
    return hasSpec(other.spec);
  }

  /** True when it records this spec; absent fields and those that are null are the same. */
  public boolean hasSpec(JsonObject other) {
    return canonical(spec).toString().equals(canonical(other).toString());
  }

  /**
   * The whole object, to be created.
   *
   * @param policyMeta identity of its policy
   */
  public String toCreate(PolicyObject.Meta policyMeta, String namespace) {
    JsonObject labels = new JsonObject();
    labels.addProperty("app.kubernetes.io/managed-by", "node-qos-controller");
    labels.addProperty(Keys.REVISION_OF, policy);
    labels.addProperty(Keys.COMPLETED, completion.label());
    JsonArray owners = new JsonArray();
    owners.add(policyMeta.ownerReference());
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    metadata.addProperty("namespace", namespace);
    metadata.add("labels", labels);
    metadata.add("ownerReferences", owners);
    JsonObject data = new JsonObject();
    data.add("spec", spec);
    JsonObject object = new JsonObject();
    object.addProperty("apiVersion", "apps/v1");
    object.addProperty("kind", "ControllerRevision");
    object.add("metadata", metadata);
    object.add("data", data);
    object.addProperty("revision", generation);
    return object.toString();
  }

  /** The merge patch that says that it was completed. */
  public static String toComplete() {
    JsonObject labels = new JsonObject();
    labels.addProperty(Keys.COMPLETED, Completion.COMPLETED.label());
    JsonObject metadata = new JsonObject();
    metadata.add("labels", labels);
    JsonObject patch = new JsonObject();
    patch.add("metadata", metadata);
    return patch.toString();
  }

  /** With sorted keys and without nulls. */
  private static JsonElement canonical(JsonElement value) {
    if (value.isJsonObject()) {
      TreeMap<String, JsonElement> fields = new TreeMap<>(value.getAsJsonObject().asMap());
      JsonObject sorted = new JsonObject();
      fields.forEach(
          (name, field) -> {
            if (!field.isJsonNull()) {
              sorted.add(name, canonical(field));
            }
          });
      return sorted;
    }
    if (value.isJsonArray()) {
      JsonArray all = new JsonArray();
      value.getAsJsonArray().forEach(one -> all.add(canonical(one)));
      return all;
    }
    return value;
  }
}
