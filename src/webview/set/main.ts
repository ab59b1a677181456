import { vsCodeHost } from '../state/host.ts';
import { SetPage } from './setPage.ts';

document.getElementById('app')?.append(new SetPage(vsCodeHost()));
