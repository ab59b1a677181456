import { vsCodeHost } from '../state/host.ts';
import { InspectorPage } from './pageElement.ts';

document.getElementById('app')?.append(new InspectorPage(vsCodeHost()));
