import { vsCodeHost } from '../state/host.ts';
import { TryPage } from './tryPage.ts';

document.getElementById('app')?.append(new TryPage(vsCodeHost()));
