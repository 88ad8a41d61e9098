// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import java.util.concurrent.Callable;

/**
 * A command that is there when its jar is: found by {@link java.util.ServiceLoader}, so that the
 * jar of the image needs no class of the demo. It carries picocli's annotation {@code Command} and
 * gives the exit code.
 */
public interface Subcommand extends Callable<Integer> {}
