/** What `--help` prints. English, as is all that this program says. */
export const HELP = `Image Inspector for Gemini

Usage
  node cli.js TASK FILE... [options]     a task over images and folders of images
  node cli.js tokens FILE...             what they would cost; sends nothing
  node cli.js check FILE... --alt        images without alt text in documents; sends nothing
  node cli.js mcp --root DIR...          tools for agents, over stdin and stdout

Tasks
  caption, read-text, ask, classify, detect, segment, compare

Options of tasks
  --query TEXT       the question, or what to look for
  --labels A,B       for classify
  --model ID         default: gemini-3.8-flash
  --speed S          standard, flex (half price, up to 15 minutes), batch (half price, up to a day)
  --format F         json (default), coco, yolo, voc, labelme, csv, svg, hocr, masks, overlay
  --out DIR          folder for the files; without it JSON, and what is one file, goes to the standard output
  --yes              send without asking, and replace files in --out

Options of check
  --format F         text (default), sarif
  --write --yes      describe the images and write their alt text
  --cache FILE       keep what was written, by image and words around it: what did not change costs nothing
  exit code 1: some have no alt text, or a document could not be read whole

Options of every command
  --max-usd N        spend at most so many dollars (default 0.25)
  --base-url URL     send to another address
  --exclude GLOB     never send files like that, nor check them; may be repeated
  --state DIR        folder for uploads, the ledger, and what was begun

The key comes from GEMINI_API_KEY.

Exit codes
  0 done   1 a result failed   2 wrong usage   3 nothing sent (no key, not confirmed, over the limit)   130 interrupted
After an interruption the same command goes on; a batch goes on by itself, and the same command brings its results.
`;
