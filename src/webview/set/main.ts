import { vsCodeSetHost } from './setHost.ts';
import { SetPage } from './setPage.ts';

document.getElementById('app')?.append(new SetPage(vsCodeSetHost()));
