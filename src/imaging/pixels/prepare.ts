import { tooLarge, unreadable } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { ImageType } from '../formats/imageType.ts';
import { type Prepared, type PrepareOptions, type PreparePlan, preparedOf, preparePlan } from '../formats/prepared.ts';
import type { Structure } from '../formats/scan.ts';
import { type Body, bodySource, memoryBody } from '../reading/body.ts';
import { hashesOfPieces } from '../reading/bodyHashes.ts';
import { assertReadable, type ByteSource, heldSource, readWhole } from '../reading/byteSource.ts';
import { BlockHashes } from '../reading/checkedSource.ts';
import { render } from './render.ts';
import { soundStructureOf } from './soundStructure.ts';

/** Files of so many bytes are held while they are made ready, so that they are read once. The API looks at none that is larger. */
const MOST_HELD = 40e6;

/**
 * Makes an image ready to be sent: upright, in a type that the API takes, not more and not larger than wished, and without metadata. The body is the file
 * itself where none of this asks for a change, and has its very pixels where only metadata goes: then a large file is never in memory as a whole. Of what is
 * blacked out or cut away nothing is left in it. Heavy: meant for a worker.
 * Rejects with `unreadableImage` (also for a file that is incomplete), `unsupportedImage` or `tooLarge`.
 */
export async function prepare(file: ByteSource, wishes: PrepareOptions): Promise<Prepared> {
  assertReadable(file);
  const plan = await preparePlan(file, wishes);
  const { header, keepsPixels } = plan;
  const isHeld = !keepsPixels || file.size <= MOST_HELD;
  // What is held is hashed, looked at for damage and decoded as it comes.
  const hashes = new BlockHashes();
  const source = isHeld ? heldSource(file, (bytes) => hashes.update(bytes)) : file;
  const structure = await soundStructureOf(header.mimeType, source);
  assertWhole(structure);
  const bare = keepsPixels ? structure.bare : undefined;
  const made =
    bare === undefined ? await renderedBody(plan, structure, source) : { body: bare, mimeType: header.mimeType, size: plan.plan.size };
  const { size } = made.body;
  if (wishes.mostBytes !== undefined && size > wishes.mostBytes) throw tooLarge(size, wishes.mostBytes);
  const held = isHeld ? await source.read(0, source.size) : undefined;
  const whole = isHeld ? hashes.digest() : await hashesOfPieces([{ offset: 0, length: source.size }], source);
  const prepared = await preparedOf(plan, made, source, whole);
  return held === undefined || bare === undefined || file.path === undefined ? prepared : { ...prepared, held };
}

function assertWhole({ problem }: Structure): void {
  if (problem === 'truncated') throw unreadable(t('It ends before the image does: it is incomplete.'));
  if (problem === 'damaged') throw unreadable(t('It is damaged.'));
}

async function renderedBody(
  { header, plan, black }: PreparePlan,
  { mended }: Structure,
  source: ByteSource,
): Promise<{ body: Body; mimeType: ImageType; size: Size }> {
  const sound = mended === undefined ? source : bodySource(mended.body, source);
  const file = await readWhole(sound);
  if (file.length < sound.size) throw unreadable(t('It ends before the image does: it is incomplete.'));
  const { bytes, ...rendered } = await render(header, file, { plan, black, tolerant: false });
  return { body: memoryBody(bytes), ...rendered };
}
