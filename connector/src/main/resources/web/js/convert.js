/** Convert jobs: starts one and tells how far it is. */

import {recordPath} from './record-path.js';

const SUMMARY = 'summary.json';
const POLL_MILLIS = 1_000;
/** So many polls in a row may fail before the job counts as lost from sight. */
const MAX_FAILED_POLLS = 10;

/** @typedef {{id: string, state: 'waiting' | 'running' | 'completed' | 'failed', progress: number, words: string,
 *   fileNames: string[]}} Job
 *   progress is 0 to 1; files have names once completed */

/**
 * @param {import('./api.js').Api} api
 * @param {{app: string, room: string, id: number}} recording
 * @param {{hasTracks: boolean, hasComposed: boolean}} wish which files to make
 * @returns {Promise<string>} the job's id
 */
export async function startJob(api, recording, {hasTracks, hasComposed}) {
  const data = await api.post('/api/convert/job', {
    record_path: recordPath(recording),
    ...(hasTracks && {transmux: {}}),
    ...(hasComposed && {compose: {audio: true, video: true}}),
  });
  return String(data.job_id);
}

/**
 * Follows a job to its end.
 *
 * @param {import('./api.js').Api} api
 * @param {string} id
 * @param {(job: Job) => void} onProgress
 * @returns {Promise<Job>} completed or failed
 * @throws {import('./api.js').ApiError} when the job cannot be asked about any more
 */
export async function followJob(api, id, onProgress) {
  let failedPolls = 0;
  for (;;) {
    try {
      const job = readJob(await api.get(`/api/convert/job/${encodeURIComponent(id)}`));
      failedPolls = 0;
      onProgress(job);
      if (job.state === 'completed' || job.state === 'failed') {
        return job;
      }
    } catch (error) {
      failedPolls += 1;
      if (failedPolls === MAX_FAILED_POLLS || error.isDenied || error.status === 404) {
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
  }
}

/** @param {any} data answer of `GET /api/convert/job/{id}` @returns {Job} */
export function readJob({job_id: id, state, progress = 0, message = '', error = '', transmux, files = []}) {
  const words = error || message || WORDS[state] || state;
  // The summary does not name itself, and is made with the files of tracks only.
  const hasSummary = state === 'completed' && transmux;
  const fileNames = [...files.map(({path}) => path), ...(hasSummary ? [SUMMARY] : [])];
  return {id: String(id), state, progress: Math.min(1, Math.max(0, progress)), words, fileNames};
}

const WORDS = {
  waiting: 'Waiting for the recording to be finished…',
  running: 'Converting…',
  completed: 'Done.',
  failed: 'The conversion failed.',
};
