// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The parts of a cluster that its user must not read. For one thread. */
public final class Refusals {
  private final List<String> sentences = new ArrayList<>();

  /** A sentence for each. */
  public List<String> sentences() {
    return List.copyOf(sentences);
  }

  public int count() {
    return sentences.size();
  }

  public void add(String sentence) {
    sentences.add(sentence);
  }

  /**
   * Notes a list that the server refuses to this user.
   *
   * @param consequence a clause
   * @throws SnapshotException for any other failure
   */
  public void goOnWithout(String list, IOException e, String consequence) throws SnapshotException {
    ApiFailure why = ApiRefusal.failureOf(e);
    if (why.code() != 403) {
      throw failure(list, e);
    }
    add("The " + list + " cannot be read (" + why.message() + "): " + consequence);
  }

  /** For a list without which there is no result. */
  public static SnapshotException failure(String list, IOException e) {
    ApiFailure why = ApiRefusal.failureOf(e);
    return new SnapshotException("The " + list + " cannot be read: " + why.message(), why);
  }

  /** For the list of policies. */
  public static SnapshotException ofPolicies(String list, IOException e) {
    ApiFailure why = ApiRefusal.failureOf(e);
    return why.code() == 404
        ? new SnapshotException(
            "This cluster has no NodeQoSPolicies: the CustomResourceDefinition"
                + " nodeqospolicies.nodeqos.io (manifests/crd.yaml) is not installed",
            why)
        : failure(list, e);
  }
}
