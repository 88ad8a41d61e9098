// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.reconcile.policies.PolicyWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The policies of an API server, with optimistic locking and settable answers. */
public final class FakePolicyWriter implements PolicyWriter {
  private final Map<String, PolicyObject> policies = new TreeMap<>();
  private final Deque<WriteResult> answers = new ArrayDeque<>();
  private long version = 5000;
  private int calls;
  private int writes;
  private Runnable beforeWrite = () -> {};
  private Consumer<PolicyObject> onWrite = policy -> {};
  private boolean losingReplies;

  /** Called before a patch is carried out; what it throws reaches the writer. */
  public void beforeWrite(Runnable action) {
    beforeWrite = action;
  }

  /** Called after a patch was carried out, and before the writer has the reply. */
  public void onWrite(Consumer<PolicyObject> check) {
    onWrite = check;
  }

  /** Writes are done and their replies are lost, or no longer. */
  public void loseReplies(boolean lose) {
    losingReplies = lose;
  }

  /** Applies a policy: a new generation, its status stays. */
  public PolicyObject apply(PolicyObject policy) {
    Optional<PolicyObject> before = Optional.ofNullable(policies.get(policy.name()));
    PolicyObject.Meta meta = policy.meta();
    PolicyObject applied =
        new PolicyObject(
            new PolicyObject.Meta(
                meta.name(),
                meta.uid(),
                Long.toString(++version),
                before.map(p -> p.meta().generation() + 1).orElse(1L),
                meta.createdAt(),
                meta.deleting(),
                before.map(p -> p.meta().finalizers()).orElse(meta.finalizers())),
            policy.spec(),
            before.map(PolicyObject::status).orElseGet(JsonObject::new),
            before.map(PolicyObject::confirm).orElse(""),
            before.map(PolicyObject::rolloutRequest).orElse(RolloutRequest.NONE));
    policies.put(policy.name(), applied);
    return applied;
  }

  /** A person annotates a policy: no new generation. */
  public PolicyObject confirm(String name, String token) {
    PolicyObject before = policies.get(name);
    PolicyObject confirmed =
        new PolicyObject(
            before.withStatus(Long.toString(++version), before.status()).meta(),
            before.spec(),
            before.status(),
            token,
            before.rolloutRequest());
    policies.put(name, confirmed);
    return confirmed;
  }

  /** A person asks something of a rollout: no new generation. */
  public PolicyObject request(String name, RolloutRequest request) {
    PolicyObject before = policies.get(name);
    PolicyObject asked =
        new PolicyObject(
            before.withStatus(next(), before.status()).meta(),
            before.spec(),
            before.status(),
            before.confirm(),
            request);
    policies.put(name, asked);
    return asked;
  }

  /** Another writer writes the status. */
  public PolicyObject changeStatus(String name, JsonObject status) {
    PolicyObject changed = policies.get(name).withStatus(next(), status);
    policies.put(name, changed);
    return changed;
  }

  /** Deletes it: it is gone, or marked while a finalizer holds it. */
  public void delete(String name) {
    policies.computeIfPresent(
        name,
        (n, policy) ->
            policy.meta().finalizers().isEmpty()
                ? null
                : versioned(
                    PolicyFixture.deleting(
                        policy, policy.meta().finalizers().toArray(String[]::new))));
  }

  private PolicyObject versioned(PolicyObject policy) {
    return policy.withStatus(next(), policy.status());
  }

  public Map<String, PolicyObject> policies() {
    return policies;
  }

  public void thenAnswer(WriteResult result) {
    answers.add(result);
  }

  public int calls() {
    return calls;
  }

  public int writes() {
    return writes;
  }

  @Override
  public WriteResult patchFinalizers(String name, String resourceVersion, List<String> finalizers) {
    return patch(name, resourceVersion, p -> p.withFinalizers(next(), finalizers));
  }

  @Override
  public WriteResult patchStatus(String name, String resourceVersion, String statusJson) {
    JsonObject change = JsonParser.parseString(statusJson).getAsJsonObject();
    return patch(
        name,
        resourceVersion,
        p -> {
          JsonObject status = p.status().deepCopy();
          merge(change, status);
          return p.withStatus(next(), status);
        });
  }

  private static void merge(JsonObject change, JsonObject target) {
    change
        .entrySet()
        .forEach(
            field -> {
              if (field.getValue() instanceof JsonObject inner) {
                if (!(target.get(field.getKey()) instanceof JsonObject)) {
                  target.add(field.getKey(), new JsonObject());
                }
                merge(inner, target.getAsJsonObject(field.getKey()));
              } else if (field.getValue().isJsonNull()) {
                target.remove(field.getKey());
              } else {
                target.add(field.getKey(), field.getValue());
              }
            });
  }

  private String next() {
    return Long.toString(++version);
  }

  private WriteResult patch(
      String name, String resourceVersion, UnaryOperator<PolicyObject> change) {
    calls++;
    if (!answers.isEmpty()) {
      return answers.poll();
    }
    PolicyObject policy = policies.get(name);
    if (policy == null) {
      return new WriteResult.NotFound();
    }
    if (!policy.meta().resourceVersion().equals(resourceVersion)) {
      return new WriteResult.Conflict();
    }
    beforeWrite.run();
    writes++;
    PolicyObject changed = change.apply(policy);
    policies.put(name, changed);
    if (changed.meta().deleting() && changed.meta().finalizers().isEmpty()) {
      policies.remove(name);
    }
    onWrite.accept(changed);
    if (losingReplies) {
      return new WriteResult.Retry("no reply", Duration.ZERO);
    }
    return new WriteResult.Ok(changed.meta().resourceVersion());
  }
}
