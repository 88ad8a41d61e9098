// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.SlimObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Remembers how a list and watch fared. */
public final class RecordingObserver implements SourceObserver {
  final List<Set<String>> lists = new ArrayList<>();
  public final List<ApiFailure> failures = new ArrayList<>();
  public final List<ApiFailure> ends = new ArrayList<>();
  int heard;
  int expirations;
  Runnable onHeard = () -> {};

  @Override
  public void listed(String version, Map<String, ? extends SlimObject<?>> items) {
    lists.add(items.keySet());
  }

  @Override
  public void received(String type, SlimObject<?> object) {}

  @Override
  public void toldNothingUpTo(String version) {}

  @Override
  public boolean needsList() {
    return false;
  }

  @Override
  public void handedOn() {}

  @Override
  public void watching() {}

  @Override
  public void heard() {
    heard++;
    onHeard.run();
  }

  @Override
  public void ended(ApiFailure why) {
    ends.add(why);
  }

  @Override
  public void failed(ApiFailure why, Duration pause, boolean resumable) {
    failures.add(why);
  }

  @Override
  public void listsAgain(String why) {
    expirations++;
  }
}
