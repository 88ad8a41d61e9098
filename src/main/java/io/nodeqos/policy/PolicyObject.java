// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.rollout.RolloutRequest;
import java.time.Instant;
import java.util.List;

/**
 * A NodeQoSPolicy as the API server sent it, not yet decoded: it may be invalid.
 *
 * @param spec {@code spec}, an empty object when absent; must not be changed
 * @param status {@code status}, an empty object when absent; must not be changed
 * @param confirm value of the annotation {@link Keys#CONFIRM}, empty when absent
 * @param rolloutRequest value of the annotation {@link Keys#ROLLOUT}
 */
public record PolicyObject(
    Meta meta, JsonObject spec, JsonObject status, String confirm, RolloutRequest rolloutRequest) {

  /** A policy without annotations. */
  public PolicyObject(Meta meta, JsonObject spec, JsonObject status) {
    this(meta, spec, status, "", RolloutRequest.NONE);
  }

  /** Identity of one version of a policy. */
  public record Meta(
      String name,
      String uid,
      String resourceVersion,
      long generation,
      Instant createdAt,
      boolean deleting,
      List<String> finalizers) {
    public Meta {
      finalizers = List.copyOf(finalizers);
    }

    /**
     * With this reference the garbage collector deletes an object in the controller's namespace,
     * too.
     */
    public JsonObject ownerReference() {
      JsonObject owner = new JsonObject();
      owner.addProperty("apiVersion", Keys.GROUP + "/" + Keys.API_VERSION);
      owner.addProperty("kind", "NodeQoSPolicy");
      owner.addProperty("name", name);
      owner.addProperty("uid", uid);
      owner.addProperty("controller", true);
      return owner;
    }
  }

  /** Ten hex digits that identify the sections of this version, valid or not. */
  public String revision() {
    return PolicyRevision.sectionsHash(spec);
  }

  /** An earlier version of the same policy, as recorded in a revision. */
  PolicyObject asOf(PolicyRevision revision) {
    return new PolicyObject(
        new Meta(
            meta.name,
            meta.uid,
            meta.resourceVersion,
            revision.generation(),
            meta.createdAt,
            meta.deleting,
            meta.finalizers),
        revision.spec(),
        status,
        confirm,
        rolloutRequest);
  }

  /** The same version with another spec. */
  PolicyObject saying(JsonObject newSpec) {
    return new PolicyObject(meta, newSpec, status, confirm, rolloutRequest);
  }

  /** The next generation of the same policy, with another spec. */
  public PolicyObject withSpec(JsonObject newSpec) {
    return new PolicyObject(
        new Meta(
            meta.name,
            meta.uid,
            meta.resourceVersion,
            meta.generation + 1,
            meta.createdAt,
            meta.deleting,
            meta.finalizers),
        newSpec,
        status,
        confirm,
        rolloutRequest);
  }

  /** The same policy after its status was written. */
  public PolicyObject withStatus(String resourceVersion, JsonObject newStatus) {
    return written(resourceVersion, meta.finalizers, newStatus);
  }

  /** The same policy after its finalizers were written. */
  public PolicyObject withFinalizers(String resourceVersion, List<String> finalizers) {
    return written(resourceVersion, finalizers, status);
  }

  private PolicyObject written(
      String resourceVersion, List<String> finalizers, JsonObject newStatus) {
    return new PolicyObject(
        new Meta(
            meta.name,
            meta.uid,
            resourceVersion,
            meta.generation,
            meta.createdAt,
            meta.deleting,
            finalizers),
        spec,
        newStatus,
        confirm,
        rolloutRequest);
  }

  /** True with the finalizer that keeps the policy until no node carries state of it. */
  public boolean holdsNodes() {
    return meta.finalizers.contains(Keys.FINALIZER);
  }

  public String name() {
    return meta.name();
  }
}
